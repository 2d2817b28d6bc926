//! A slider over a few steps. What it stands at is said beside it, in words with a unit.

use leptos::prelude::*;

/// What a slider shows.
pub struct Slider {
    /// Its name.
    pub name: &'static str,
    /// The number of the last step, from 0.
    pub last: usize,
    /// The step at which it stands.
    pub at: Signal<usize>,
    /// Its value in words.
    pub text: Signal<String>,
}

impl Slider {
    /// The control. `preview` hears every step that a drag passes; `choose` the one at which it ends.
    pub fn view(self, preview: impl Fn(usize) + Copy + 'static, choose: impl Fn(usize) + Copy + 'static) -> AnyView {
        let Self { name, last, at, text } = self;
        let fill = move || format!("{:.1}%", 100.0 * at.get() as f64 / last.max(1) as f64);
        let step_of = |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
            event.target().value().parse().ok()
        };
        view! {
            <input
                type="range"
                min="0"
                max=last
                step="1"
                aria-label=name
                aria-valuetext=move || text.get()
                prop:value=move || at.get().to_string()
                style:--fill=fill
                on:input:target=move |event| step_of(event).into_iter().for_each(preview)
                on:change:target=move |event| step_of(event).into_iter().for_each(choose)
            />
        }
        .into_any()
    }
}
