//! What is kept between visits, in the browser's own storage.

use web_sys::Storage;

/// The last run, as the JSON of its recording.
pub const RECORDING: &str = "cqrs-lab.recording";

/// The scenario as it came, before anything was changed.
pub const GIVEN: &str = "cqrs-lab.given";
/// What makes a twin of it, as JSON; `null` while there is none.
pub const TWIN: &str = "cqrs-lab.twin";
/// The moment that was looked at, in microseconds.
pub const MOMENT: &str = "cqrs-lab.moment";

/// Storage may be switched off; then nothing is kept, and the page works all the same.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is kept under a key.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text under a key. A full storage keeps what it had.
pub fn write(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}
