//! What a screen needs, made from the machine: plain values that can be compared and tested without a browser.

pub mod breaches;
mod detection_verdicts;
pub mod further_cells;
pub mod grasp;
pub mod hands;
pub mod inside;
pub mod ledger;
pub mod ledger_query;
pub mod log;
pub mod log_commands;
mod log_commit;
mod log_detection;
mod log_edges;
mod log_hands;
mod log_queries;
mod log_services;
mod log_sights;
pub mod log_versions;
pub mod monitoring;
pub mod sending;
pub mod stage;
pub mod timeline;
pub mod verdicts;
mod version_verdicts;
pub mod whereabouts;
pub mod why;
