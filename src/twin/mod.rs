//! Twin: two runs of the same traffic side by side, under one clock, with what differs marked. The run is A, its twin B.

mod bar;
pub mod chooser;
pub mod ledger;
pub mod panes;
mod quick;
pub mod side;
pub mod signals;
pub mod verdicts;
