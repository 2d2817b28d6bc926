//! The command side: three services, each with its write store and its outbox, and the Order Service's replicas of what the
//! other two own. It knows the log, and nobody who reads it for queries.
//!
//! Where to start: [`services`] says where a command goes. [`place_order`] holds the rules about other services' data, and
//! [`replica`], [`owners`] and [`learned`] are the three places where it can come from; [`enquiry`] asks the owners, with
//! a [`breaker`](super::breaker) before it. [`saga`] follows an order that was placed, with [`payments`] as an outside system.

pub mod awaiting;
pub mod cache;
pub mod calls;
pub mod catalogue;
pub mod commit;
pub mod concurrency;
pub mod enquiry;
pub mod inbox;
pub mod learned;
pub mod look;
pub mod order_service;
pub mod outbox;
pub mod owners;
pub mod payments;
pub mod place_order;
pub mod replica;
pub mod saga;
pub mod services;
pub mod snapshots;
pub mod writer;
