//! The saga [seed 000]: it follows a placed order, lets the payment be taken and the stock be reserved where it really is, and
//! then confirms the order, or undoes what was done.
//!
//! Where to start: [`instance`] is the state machine of one order, and holds every decision; [`table`] keeps the instances and
//! takes events and answers to them; [`courier`] sends what they want done until it is answered.

pub mod courier;
pub mod instance;
pub mod table;
