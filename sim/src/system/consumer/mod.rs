//! Whoever follows the log: instances that take deliveries, protections against what can go wrong with them, and a target.
//!
//! Where to start: [`instances`] take deliveries, save positions and crash; [`follower`] decides what becomes of each event;
//! [`dead_letters`] takes care of those that can not be handled;
//! [`idempotency`] and [`sequencing`] are its protections; [`target`] is what read models and replicas have in common.

pub mod by_hand;
pub mod dead_letters;
pub mod follower;
pub mod idempotency;
pub mod instances;
pub mod sequencing;
pub mod target;
