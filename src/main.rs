//! The page of cqrs-lab. Start with `app`; `desk` is what every room can reach, `session` is the run itself.

mod app;
mod bench;
mod desk;
mod fixture;
mod header;
mod intent;
mod kit;
mod ledger;
mod log;
mod snapshot;
mod speed;
mod stage;
mod store;
mod story;
mod transport;
mod verdicts;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
