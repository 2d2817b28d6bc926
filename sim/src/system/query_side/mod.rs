//! The query side: projections that follow the log and keep read models. It knows the log, and nobody who writes it.
//!
//! Where to start: [`projector`] is an instance that takes deliveries; [`projection`] decides what becomes of each;
//! [`idempotency`] and [`sequencing`] are its protections; [`order_view`] and [`sales_dashboard`] are the read models.

pub mod idempotency;
pub mod order_view;
pub mod projection;
pub mod projector;
pub mod sales_dashboard;
pub mod sequencing;
