//! The command side: the Order Service with its write store and its outbox. It knows the log, and nobody who reads it.

pub mod order_service;
pub mod outbox;
