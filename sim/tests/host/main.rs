//! What must be true of the machine, one module for each thing. They are one program, because linking sixty would take longer
//! than running them.
#![cfg(not(target_family = "wasm"))]

#[path = "../common/mod.rs"]
mod common;

mod access;
mod asking;
mod batches;
mod boundaries;
mod broker_presets;
mod broker_swarm;
mod brokers;
mod changed_on_the_way;
mod client_retries;
mod command_api;
mod command_line;
mod commit;
mod composition;
mod composition_compared;
mod concurrency;
mod contracts;
mod copies_told;
mod counterfactual;
mod data_access;
mod dead_letters;
mod drift;
mod edges;
mod export;
mod fuzz;
mod gateway_circuits;
mod golden;
mod grasp;
mod hands;
mod hands_between_services;
mod holes;
mod in_motion;
mod malformed;
mod monitoring;
mod network;
mod poisoned_batches;
mod properties;
mod publish;
mod queries;
mod read_models;
mod read_scaling;
mod rebuild;
mod replicas;
mod row_presets;
mod saga;
mod schema;
mod schema_change;
mod seeds;
mod service_presets;
mod service_properties;
mod staleness;
mod staleness_of_copies;
mod systems;
mod tape;
mod theory;
mod time_travel;
mod told;
mod trail;
mod twin;
mod validation_cache;
mod verdict_changes;
mod waiting;
