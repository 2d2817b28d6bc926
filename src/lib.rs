//! The page of cqrs-lab.
//!
//! Where to start: [`app`] puts the rooms together; [`desk`] is what every room can reach; [`session`] is the run itself,
//! and knows no browser; [`player`] plays it frame by frame. A room is a folder: header, story, bench, stage, verdicts,
//! ledger, drawer, transport, twin. [`kit`] holds the parts that they share.

mod app;
mod bench;
mod boot;
mod desk;
mod drawer;
mod exports;
mod failure;
mod files;
mod hands;
mod header;
mod intent;
mod kit;
mod ledger;
mod log;
mod metrics;
mod opening;
mod player;
mod session;
mod snapshot;
mod spacetime;
mod speed;
mod stage;
mod staleness;
mod store;
mod story;
mod transport;
mod twin;
mod verdicts;
mod visit;
mod words;

/// Opens the page in the document's body.
pub fn start() {
    failure::watch();
    // The page's own scenarios can be read, as a test shows, so there is always a session to start with.
    if let Some(session) = boot::session() {
        leptos::mount::mount_to_body(move || leptos::view! { <app::App session=session /> });
    }
}
