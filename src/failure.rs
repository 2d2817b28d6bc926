//! What happens when the machine or the page fails: nothing is lost, and the page says so.
//!
//! After a failure no more WebAssembly runs, so the panel is plain HTML that was there all along.

use std::panic::PanicHookInfo;

use leptos::ev::Custom;
use leptos::prelude::window_event_listener;
use web_sys::{Document, Event};

use crate::store;

/// The event by which a test makes the page fail, to see that nothing is lost.
const PROVOKE: &str = "cqrs-lab:fail";

/// From now on a failure shows the panel.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Whatever fails while telling of a failure can only be left out.
        let _ = show_panel(info);
    }));
    let _ = window_event_listener(Custom::<Event>::new(PROVOKE), |_| panic!("a test asked the page to fail"));
}

fn show_panel(info: &PanicHookInfo<'_>) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let words = document.get_element_by_id("broken-words")?;
    words.set_text_content(Some(&info.to_string()));
    offer_recording(&document);
    document.get_element_by_id("broken")?.remove_attribute("hidden").ok()
}

/// The recording as a file that can be saved without the page's help.
fn offer_recording(document: &Document) -> Option<()> {
    let recording = store::read(store::RECORDING)?;
    let address = format!("data:application/json;charset=utf-8,{}", js_sys::encode_uri_component(&recording));
    document.get_element_by_id("broken-save")?.set_attribute("href", &address).ok()
}
