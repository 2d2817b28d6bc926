//! The parts of a CQRS system, and the world that wires them.
//!
//! Where to start: [`world`], then follow a command through [`client`], [`command_side`], [`broker`],
//! [`consumer`] and [`query_side`]. The command side does not know the query side, nor the reverse; both know only the log
//! between them.

pub mod back_office;
pub mod breaker;
pub mod broker;
pub mod by_aggregate;
pub mod by_command;
pub mod by_order;
pub mod client;
pub mod client_task;
pub mod command_side;
pub mod commanding;
pub mod committing;
pub mod consumer;
pub mod context;
pub mod delivery;
pub mod detection;
pub mod edges;
pub mod event_store;
pub mod exchange;
pub mod fate;
pub mod following;
pub mod hands;
pub mod headers;
pub mod link;
pub mod node;
pub mod options;
pub mod outage;
pub mod patience;
pub mod place;
pub mod promise;
pub mod queries;
pub mod query_side;
pub mod reason;
pub mod refresh;
pub mod sign_in;
pub mod synchronous;
pub mod task;
pub mod trace;
pub mod unheard;
pub mod versions;
pub mod world;
