//! The query side: read models, kept by projections that follow the log. It knows the log, and nobody who writes it.
//!
//! Where to start: [`read_model`] says what a projection does with an event; each model has a file of its own;
//! [`api`] answers queries from them.

pub mod api;
pub mod comparison;
pub mod customer_order_history;
mod edit;
pub mod known_rights;
pub mod names;
pub mod order_view;
pub mod order_work_queue;
pub mod product_search;
pub mod product_stats;
pub mod read_model;
pub mod reference;
pub mod sales_dashboard;
