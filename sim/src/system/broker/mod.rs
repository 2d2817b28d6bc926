//! The log broker: a topic with partitions, and for each group of consumers what was delivered and how far it has come.

pub mod group;
pub mod partitioner;
pub mod topic;
