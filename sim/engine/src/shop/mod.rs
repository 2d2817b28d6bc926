//! The domain: what a shop is, whatever runs it. Three services, each with its own aggregate.
//!
//! Where to start: [`order`], the Order aggregate. In each aggregate `decide` holds every rule and `apply` only records.

pub mod actor;
pub mod aggregate;
pub mod authorisation;
pub mod command;
pub mod command_name;
pub mod customer;
pub mod event;
pub mod fulfilment;
pub mod ids;
pub mod money;
pub mod order;
pub mod product;
pub mod refusal;
