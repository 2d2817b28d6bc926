//! The outside: what a run is made from, as files and links carry it.
//!
//! A *scenario* is options, a seed and replaced fates. A *recording* is a scenario and what a person did while it ran.

pub mod changes;
pub mod counterfactual;
pub mod difference;
pub mod difference_words;
pub mod error;
pub mod export;
pub mod json;
pub mod limits;
pub mod machine;
pub mod monitoring;
mod narrowed;
pub mod overrides;
pub mod path;
pub mod presets;
pub mod recording;
pub mod report;
pub mod schema;
pub mod suspects;
pub mod value_path;
