//! How the page starts: with the scenario that its address names, with the last run, or with the first minute.

use sim::kernel::time::Micros;
use sim::scenario::error::ScenarioError;
use sim::scenario::presets::PRESETS;
use wasm_bindgen::JsValue;

use crate::desk::{Refused, Source};
use crate::session::Session;
use crate::visit;

/// The first minute opens in the middle of its traffic: an empty shop would have nothing to show.
const FIRST_LOOK: Micros = Micros::from_secs(6);

/// What the history of the browser keeps beside an address whose scenario was opened: loading such a page again brings
/// back the run as it was left, while following a link to it opens the scenario anew.
const OPENED: &str = "opened";

/// The session to start with. `None` only if the page's own scenario cannot be read, which a test excludes.
pub fn session() -> Option<Session> {
    let named = named_preset();
    let left = if was_opened() { visit::last().map(|session| session.named(named)) } else { None };
    left.or_else(|| named.and_then(preset)).or_else(visit::last).or_else(|| preset(PRESETS[0].slug))
}

fn preset(slug: &'static str) -> Option<Session> {
    let recording = Session::preset(slug)?;
    let at = if slug == PRESETS[0].slug { FIRST_LOOK } else { Micros::ZERO };
    Some(Session::resumed(recording.scenario.clone(), recording, at).named(Some(slug)))
}

/// What an address says that names a scenario, before its name.
const NAMED: &str = "#scenario=";

/// The scenario that the address names, as in `#scenario=scenario-b`.
pub fn named_preset() -> Option<&'static str> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let slug = hash.strip_prefix(NAMED)?;
    PRESETS.iter().map(|preset| preset.slug).find(|known| *known == slug)
}

/// What is wrong with the address, if it asks for something that there is not.
pub fn refused_link() -> Option<Refused> {
    let hash = web_sys::window()?.location().hash().ok().filter(|hash| !hash.is_empty())?;
    let error = ScenarioError::Value {
        field: "scenario".to_owned(),
        expected: "the name of a scenario in the menu, as in #scenario=scenario-b".to_owned(),
        found: hash.strip_prefix(NAMED).unwrap_or(&hash).to_owned(),
    };
    named_preset().is_none().then_some(Refused { source: Source::Link(hash), error })
}

/// Was the scenario that the address names opened before the page was loaded again?
fn was_opened() -> bool {
    let state = web_sys::window().and_then(|window| window.history().ok()?.state().ok());
    state.is_some_and(|state| state == OPENED)
}

/// Lets the address name the scenario. The one that opens by itself needs no name.
pub fn show_in_address(slug: Option<&'static str>) {
    let slug = slug.filter(|slug| *slug != PRESETS[0].slug);
    // A browser that keeps another address only brings back less.
    let _ = web_sys::window().and_then(|window| {
        let location = window.location();
        let hash = slug.map(|slug| format!("#scenario={slug}")).unwrap_or_default();
        let address = format!("{}{}{hash}", location.pathname().ok()?, location.search().ok()?);
        window.history().ok()?.replace_state_with_url(&JsValue::from_str(OPENED), "", Some(&address)).ok()
    });
}
