//! The command side: three services, each with its write store and its outbox, and the Order Service's replicas of what the
//! other two own. It knows the log, and nobody who reads it for queries.

pub mod catalogue;
pub mod order_service;
pub mod outbox;
pub mod owners;
pub mod place_order;
pub mod replica;
pub mod writer;
