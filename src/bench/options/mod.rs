//! Every option of a scenario as a form. Nothing here is made by hand for a single option: the form is read off the
//! scenario's own description, so an option that the machine gains appears by itself.

pub mod describe;
pub mod draft;
pub mod entry;
pub mod field;
pub mod list;
pub mod load;
pub mod pick;
pub mod room;
pub mod row;
pub mod section;
pub mod sketch;
pub mod step;
pub mod stepper;
