//! A value that one writes, or steps through.

use leptos::ev::{Event, KeyboardEvent, Targeted};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::draft::Draft;
use super::field::Place;

/// A value that one can write, or step through with buttons and with the arrows.
pub fn stepper(
    draft: Draft,
    place: Place,
    unit: String,
    keyboard: &'static str,
    shown: impl Fn() -> String + Copy + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
    step: impl Fn(bool) + Clone + 'static,
) -> AnyView {
    let (down, up, keys) = (step.clone(), step.clone(), step);
    let (less, more) = (format!("Less: {}", place.label), format!("More: {}", place.label));
    let wrong = place.wrong(draft);
    let written = move |event: Targeted<Event, HtmlInputElement>| choose(event.target().value());
    let pressed = move |event: KeyboardEvent| {
        let up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        event.prevent_default();
        keys(up);
    };
    view! {
        <span class="stepper">
            <button type="button" tabindex="-1" aria-label=less on:click=move |_| down(false)>"−"</button>
            <input
                class="text"
                type="text"
                role="spinbutton"
                inputmode=keyboard
                spellcheck="false"
                aria-label=place.label
                aria-describedby=place.described_by
                aria-invalid=wrong
                aria-valuetext=shown
                prop:value=shown
                on:keydown=pressed
                on:change:target=written
            />
            <button type="button" tabindex="-1" aria-label=more on:click=move |_| up(true)>"+"</button>
            <span class="unit">{unit}</span>
        </span>
    }
    .into_any()
}
