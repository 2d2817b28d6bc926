//! The page of cqrs-lab. Start with `app`; `desk` is what every room can reach, `session` is the run itself.

mod app;
mod bench;
mod boot;
mod desk;
mod failure;
mod files;
mod header;
mod intent;
mod kit;
mod ledger;
mod log;
mod player;
mod session;
mod snapshot;
mod speed;
mod stage;
mod store;
mod story;
mod transport;
mod verdicts;
mod words;

fn main() {
    failure::watch();
    let Some(session) = boot::session() else { return };
    leptos::mount::mount_to_body(move || leptos::view! { <app::App session=session /> });
}
