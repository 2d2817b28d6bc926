//! The menu of scenarios: those that come with the page, on shelves, and files.

use leptos::prelude::*;
use sim::scenario::presets::Preset;
use wasm_bindgen::JsCast;

use super::shelves::{fits, one_line, shelves};
use crate::desk::Desk;
use crate::files::{read_file, save_recording};
use crate::intent::Intent;
use crate::kit::icon::Icon;
use crate::kit::menu::menu;

/// The name of the panel in the document.
const PANEL: &str = "scenarios";

/// The menu, and the button that opens it.
pub fn scenario_menu(desk: Desk) -> AnyView {
    let chosen = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        let input = event.target();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            read_file(desk, &file);
        }
        // The same file can be chosen again after it was corrected.
        input.set_value("");
    };
    let query = RwSignal::new(String::new());
    // The texts of all scenarios are read for their lines.
    let all = move || shelves().into_iter().map(|(title, presets)| shelf(desk, query, title, presets)).collect_view();
    let panel = |open: Signal<bool>| {
        view! {
            <div class="scenario-shelves" on:keydown=walk>
            <div class="scenario-search">
                <input
                    class="text"
                    type="search"
                    aria-label="Search the scenarios"
                    placeholder="Search the scenarios"
                    prop:value=move || query.get()
                    on:input:target=move |event| query.set(event.target().value())
                />
            </div>
            {move || open.get().then(all)}
            </div>
            <hr class="menu-line" />
            <label class="menu-item file-item">
                "Open a file…"
                <input class="heard" type="file" accept=".json,application/json" on:change:target=chosen />
            </label>
            <button type="button" class="menu-item" on:click=move |_| save_recording(desk)>"Save the recording"</button>
        }
        .into_any()
    };
    let label = view! {
        <span class="run-name">{move || desk.title.with(|title| title.0.clone())}</span>
        {Icon::Down.view()}
    };
    menu(PANEL, "button plain run-button", label.into_any(), panel)
}

fn shelf(desk: Desk, query: RwSignal<String>, title: &'static str, presets: Vec<&'static Preset>) -> AnyView {
    let lines: Vec<(&'static Preset, String)> = presets.into_iter().map(|preset| (preset, one_line(preset))).collect();
    let texts = lines.clone();
    let none = Memo::new(move |_| query.with(|query| !texts.iter().any(|(preset, line)| fits(preset, line, query))));
    let entries = lines.into_iter().map(|(preset, line)| entry(desk, query, preset, line)).collect_view();
    view! {
        <div role="group" aria-label=title hidden=move || none.get()>
            <p class="shelf-title" aria-hidden="true">{title}</p>
            {entries}
        </div>
    }
    .into_any()
}

fn entry(desk: Desk, query: RwSignal<String>, preset: &'static Preset, line: String) -> AnyView {
    let text = line.clone();
    let hidden = Memo::new(move |_| query.with(|query| !fits(preset, &text, query)));
    let current = move || (desk.slug.get() == Some(preset.slug)).then_some("true");
    view! {
        <button
            type="button"
            class="menu-item"
            aria-current=current
            hidden=move || hidden.get()
            on:click=move |_| {
                query.set(String::new());
                desk.send(Intent::OpenPreset(preset.slug));
            }
        >
            {preset.title}
            " "
            <small>{line}</small>
        </button>
    }
    .into_any()
}

/// The arrows go from entry to entry, past those that the search hides.
fn walk(event: leptos::ev::KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(panel) = here.as_ref().and_then(|here| here.closest(".scenario-shelves").ok().flatten()) else { return };
    let Ok(all) = panel.query_selector_all("[role=group]:not([hidden]) > .menu-item:not([hidden])") else { return };
    let items: Vec<web_sys::HtmlElement> =
        (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<web_sys::HtmlElement>().ok()).collect();
    let at = items.iter().position(|item| here.as_ref() == Some(item.as_ref()));
    let next = match (at, forward) {
        (Some(at), true) => at + 1,
        (Some(at), false) => at.wrapping_sub(1),
        (None, _) => 0,
    };
    if let Some(next) = items.get(next) {
        event.prevent_default();
        event.stop_propagation();
        // An entry that refuses the focus leaves it where it is.
        let _ = next.focus();
    }
}
