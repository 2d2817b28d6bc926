//! How the page starts: with the scenario that its address names, with the last run, or with the first minute.

use sim::kernel::time::Micros;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Recording;
use wasm_bindgen::JsValue;

use crate::session::Session;
use crate::store;

/// The first minute opens in the middle of its traffic: an empty shop would have nothing to show.
const FIRST_LOOK: Micros = Micros::from_secs(6);

/// The session to start with. `None` only if the page's own scenario cannot be read, which a test excludes.
pub fn session() -> Option<Session> {
    named_preset().and_then(preset).or_else(kept).or_else(|| preset(PRESETS[0].slug))
}

fn preset(slug: &str) -> Option<Session> {
    let recording = Session::preset(slug)?;
    let at = if slug == PRESETS[0].slug { FIRST_LOOK } else { Micros::ZERO };
    Some(Session::resumed(recording.scenario.clone(), recording, at))
}

/// The scenario that the address names, as in `#scenario=scenario-b`.
///
/// The name is taken out of the address: loading the page again then brings back the run as it was left, not a new one.
pub fn named_preset() -> Option<&'static str> {
    let window = web_sys::window()?;
    let location = window.location();
    let hash = location.hash().ok()?;
    let slug = hash.strip_prefix("#scenario=")?;
    let named = PRESETS.iter().map(|preset| preset.slug).find(|known| *known == slug)?;
    let rest = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    // A browser that keeps the name only brings back less.
    let _ = window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&rest));
    Some(named)
}

/// The run of the last visit, where it was left.
fn kept() -> Option<Session> {
    let recording = Recording::from_json(&store::read(store::RECORDING)?).ok()?;
    let given = store::read(store::GIVEN).and_then(|text| Recording::from_json(&text).ok()).map(|given| given.scenario);
    let given = given.unwrap_or_else(|| recording.scenario.clone());
    let at = store::read(store::MOMENT).and_then(|text| text.parse().ok()).unwrap_or_default();
    Some(Session::resumed(given, recording, Micros(at)))
}
