//! Whoever follows the log: instances that take deliveries, protections against what can go wrong with them, and a target.
//!
//! Where to start: [`instances`] come, go and crash; their [`handling`] takes deliveries in a [`batch`](mod@batch) and saves positions;
//! [`follower`] decides what becomes of each event;
//! [`dead_letters`] takes care of those that can not be handled;
//! [`idempotency`] and [`sequencing`] are its protections; [`target`] is what read models and replicas have in common.

pub mod batch;
pub mod by_hand;
pub mod dead_letters;
pub mod follower;
mod handling;
pub mod idempotency;
pub mod instances;
pub mod sequencing;
pub mod target;
