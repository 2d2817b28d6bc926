//! The broker: topics with partitions, and for each reader what was delivered and how far it has come.
//!
//! Where to start: [`topic`] takes publications in; [`dispatch`] is all that a reader sees; behind it, [`group`] reads a log
//! and [`queue`] hands out single messages.

pub mod dispatch;
pub mod group;
pub mod partitioner;
pub mod queue;
pub mod standing;
pub mod topic;
