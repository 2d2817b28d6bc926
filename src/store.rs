//! What is kept between visits, in the browser's own storages.

use web_sys::Storage;

/// The last run, as the JSON of its recording.
pub const RECORDING: &str = "cqrs-lab.recording";

/// The scenario as it came, before anything was changed.
pub const GIVEN: &str = "cqrs-lab.given";
/// What makes a twin of it, as JSON; `null` while there is none.
pub const TWIN: &str = "cqrs-lab.twin";
/// The other branches, as JSON.
pub const BRANCHES: &str = "cqrs-lab.branches";
/// The moment that was looked at, in microseconds.
pub const MOMENT: &str = "cqrs-lab.moment";

/// The storage of this tab, which a reload finds again whatever other tabs do, and that of all tabs, which the next visit
/// finds. Either may be switched off; then nothing is kept there, and the page works all the same.
fn storages() -> impl Iterator<Item = Storage> {
    let window = web_sys::window();
    let of_tab = window.as_ref().and_then(|window| window.session_storage().ok()?);
    let of_all = window.as_ref().and_then(|window| window.local_storage().ok()?);
    of_tab.into_iter().chain(of_all)
}

/// What is kept under a key: by this tab, or else by whichever tab was the last one.
pub fn read(key: &str) -> Option<String> {
    storages().find_map(|storage| storage.get_item(key).ok()?)
}

/// Keeps a text under a key. A full storage keeps what it had.
pub fn write(key: &str, text: &str) {
    for storage in storages() {
        let _ = storage.set_item(key, text);
    }
}
