//! The oracle: what is true, and how far everything else is from it. It watches the world and is never asked by it.
//!
//! **Fresh**: a cell shows what is true now. **Stale**: it shows what was true at the position that its row has reached.
//! **Wrong**: it shows what was not true there. The position of a row is the version of each source (order) up to which its
//! projection has applied events; a row with many sources, such as the dashboard's, has one position for each. So a
//! dashboard fed by two partitions is not called wrong for being ahead with one order and behind with another.

pub mod alert;
pub mod answers;
pub mod business;
pub mod command_once;
pub mod commands;
pub mod complete_switch;
pub mod compositions;
pub mod detections;
pub mod exactly_once;
pub mod false_alarm;
pub mod finding;
pub mod followers;
pub mod incidents;
pub mod judgement;
pub mod lab;
pub mod lags;
pub mod lifecycle;
pub mod lost_update;
pub mod metrics;
pub mod money;
pub mod monotonic_reads;
pub mod no_event_lost;
pub mod nothing_invented;
pub mod objective;
mod old_answers;
pub mod oversell;
pub mod pages;
pub mod price;
pub mod product_sales;
pub mod queries;
pub mod query_metrics;
pub mod read_your_writes;
pub mod reader_name;
pub mod rebuilds;
pub mod rebuilt_fold;
pub mod rows;
pub mod saga_end;
pub mod sight;
pub mod staleness_bound;
pub mod standing;
pub mod stuck;
pub mod truth;
pub mod walks;
pub mod watch;
