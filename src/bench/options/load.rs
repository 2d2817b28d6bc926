//! The description of the options is a file beside the page, fetched when somebody opens the form: whoever only watches
//! does not pay for it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::XmlHttpRequest;

use super::describe::{Shape, describe};

/// Where the description is, relative to the page.
const FILE: &str = "scenario.schema.json";

/// How far the description is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Description {
    /// It is on its way.
    #[default]
    Coming,
    /// It is here.
    Here(Shape),
    /// It did not come.
    Missing,
}

/// Fetches the description.
pub fn fetch(into: RwSignal<Description>) {
    into.set(Description::Coming);
    if ask(into).is_none() {
        into.set(Description::Missing);
    }
}

fn ask(into: RwSignal<Description>) -> Option<()> {
    let request = XmlHttpRequest::new().ok()?;
    let answer = request.clone();
    let done = Closure::once_into_js(move || {
        let text = answer.response_text().ok().flatten().unwrap_or_default();
        into.set(describe(&text).map_or(Description::Missing, Description::Here));
    });
    request.set_onloadend(Some(done.unchecked_ref()));
    request.open("GET", FILE).ok()?;
    request.send().ok()
}
