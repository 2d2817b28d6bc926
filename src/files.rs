//! Files: opened by choice or by dropping them on the page, and saved. What can not be read is refused with the reason.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use sim::scenario::error::ScenarioError;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, FileReader, HtmlElement, Url};

use crate::desk::{Desk, Refused, Source};

/// Reads a file and opens it.
pub fn read_file(desk: Desk, file: &File) {
    let Ok(reader) = FileReader::new() else { return };
    let name = file.name();
    let source = reader.clone();
    let done = Closure::once_into_js(move || {
        let text = source.result().ok().and_then(|text| text.as_string()).unwrap_or_default();
        desk.open_text(&name, &text);
    });
    reader.set_onload(Some(done.unchecked_ref()));
    // A file that cannot be read at all, such as a folder, leaves everything as it is.
    let _ = reader.read_as_text(file);
}

/// Opens what is dropped on the page.
pub fn listen_to_drops(desk: Desk) {
    let _ = window_event_listener(ev::dragover, |event| event.prevent_default());
    let _ = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()?.get(0));
        if let Some(file) = file {
            read_file(desk, &file);
        }
    });
}

/// Saves the recording as a file.
pub fn save_recording(desk: Desk) {
    save_text("recording.json", &desk.recording_json());
}

/// Saves a text as a file.
pub fn save_text(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    // A browser that refuses the link saves nothing; there is no other way to hand over a file.
    let _ = Blob::new_with_str_sequence(&parts).and_then(|blob| save_blob(name, &blob));
}

/// Saves what a blob holds as a file.
pub fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link = document().create_element("a")?;
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.unchecked_into::<HtmlElement>().click();
    // The download has begun and keeps what it needs.
    Url::revoke_object_url(&address)
}

/// Says what is wrong with a file.
#[component]
pub fn RefusalDialog() -> impl IntoView {
    let desk = Desk::here();
    let node: NodeRef<Dialog> = NodeRef::new();
    Effect::new(move |_| {
        let refused = desk.refusal.with(Option::is_some);
        if let Some(dialog) = node.get().filter(|dialog| refused && !dialog.open()) {
            // It is closed, so it can be opened.
            let _ = dialog.show_modal();
        }
    });
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let of_link = move || {
        desk.refusal.with(|refused| refused.as_ref().is_some_and(|refused| matches!(refused.source, Source::Link(_))))
    };
    view! {
        <dialog node_ref=node aria-labelledby="refusal-title" on:close=move |_| desk.refusal.set(None)>
            <h2 id="refusal-title">{move || format!("This {} could not be opened", if of_link() { "link" } else { "file" })}</h2>
            {move || desk.refusal.with(|refused| refused.as_ref().map(explain))}
            <p class="quiet">"Nothing of it was taken over. The run goes on as it was."</p>
            <div class="actions">
                <button type="button" class="button primary" on:click=close>"Close"</button>
            </div>
        </dialog>
    }
}

fn explain(refused: &Refused) -> AnyView {
    let source = match &refused.source {
        Source::File(name) => ("File", name.clone()),
        Source::Link(fragment) => ("Link", fragment.clone()),
    };
    let mut facts = vec![source];
    match &refused.error {
        ScenarioError::Field { field, line, expected, found } => {
            facts.push(("Field", format!("{field}, line {line}")));
            facts.push(("Expected", expected.clone()));
            facts.push(("Found", found.clone()));
        }
        ScenarioError::Value { field, expected, found } => {
            facts.push(("Field", field.clone()));
            facts.push(("Expected", expected.clone()));
            facts.push(("Found", found.clone()));
        }
        other => facts.push(("Problem", other.to_string())),
    }
    let rows = facts.into_iter().map(|(name, what)| view! { <div><dt>{name}</dt><dd>{what}</dd></div> }).collect_view();
    view! { <dl class="fact">{rows}</dl> }.into_any()
}
