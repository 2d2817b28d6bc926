//! A segmented control: one of a few, all in sight.

use leptos::prelude::*;

/// What a segmented control shows.
pub struct Segments {
    /// Its name; names the group for screen readers, and keeps its radio buttons apart from other groups'.
    pub name: &'static str,
    /// The labels.
    pub labels: Vec<&'static str>,
    /// Which one is chosen; `None` when the things that it stands for differ.
    pub chosen: Signal<Option<usize>>,
}

impl Segments {
    /// The control. `choose` hears the number of the label that a person chose.
    pub fn view(self, choose: impl Fn(usize) + Copy + 'static) -> AnyView {
        let Self { name, labels, chosen } = self;
        let segment = |(at, label): (usize, &'static str)| {
            view! {
                <label>
                    <input type="radio" name=name prop:checked=move || chosen.get() == Some(at) on:change=move |_| choose(at) />
                    <span>{label}</span>
                </label>
            }
        };
        let segments = labels.into_iter().enumerate().map(segment).collect_view();
        view! { <div class="segments" role="radiogroup" aria-label=name>{segments}</div> }.into_any()
    }
}
