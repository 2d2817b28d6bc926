//! How to read the picture. It stands where the bench will be, until the first minute is over.

use leptos::prelude::*;

use crate::kit::button::button;

/// The guide; `open_bench` puts the bench in its place.
pub fn guide(open_bench: impl Fn() + 'static) -> AnyView {
    let row = |sample: &'static str, text: &'static str, words: &'static str| {
        view! {
            <li>
                <span class=format!("sample {sample}") aria-hidden="true">{text}</span>
                <span>{words}</span>
            </li>
        }
    };
    view! {
        <section class="guide" aria-label="How to read the picture">
            <div class="overline"><h2>"How to read the picture"</h2></div>
            <ul>
                {row("command", "c6", "a command: something is asked for")}
                {row("event", "e4", "an event: something has happened")}
                {row("again", "e4", "the same event, delivered a second time")}
                {row("stale", "", "stale: it was true earlier, and news is on its way")}
                {row("wrong", "×", "wrong: it was never true")}
            </ul>
            <p class="quiet">"Space plays and pauses. Drag the line below to any moment, both ways. Click any value in the ledger to ask why."</p>
            {button("", "Open the bench", open_bench)}
        </section>
    }
    .into_any()
}
