//! The machine against queueing theory and against the counts that chance allows, with fixed seeds.
//!
//! What the log gives when c instances share c partitions is not M/M/c: an event waits for the instance that owns its
//! partition while another one may be idle. With keys it is c separate queues whose traffic is split at random (M/M/1
//! each); in turn it is c queues whose arrivals are more regular (an Erlang stream each, E/M/1). Both wait longer than the
//! one shared queue of M/M/c, and that is asserted too.

mod counts;
mod estimate;
mod machine;
mod queues;
