//! Queries: what can be asked of the read models, who asks, and how a query and its answer travel (MISSION E1).
//!
//! Where to start: [`question`] says what can be asked, [`page`] what is answered; [`clients`] asks, and
//! [`query_side::api`](super::query_side::api) answers. [`reads`] wires them; nothing else here knows either side of the
//! system.

pub mod call;
pub mod choice;
pub mod clients;
pub mod composer;
pub mod composing;
pub mod doorkeeper;
pub mod keeper;
pub mod message;
pub mod page;
pub mod parts;
pub mod question;
pub mod reading;
pub mod reads;
pub mod row;
pub mod session;
pub mod sight;
