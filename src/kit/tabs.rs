//! Tabs: one of a few rooms in the same place. The arrows go from tab to tab, as a screen reader says they do.

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A row of tabs.
pub struct Tabs {
    /// What the rooms are, for screen readers.
    pub name: &'static str,
    /// The panel that they all share.
    pub panel: &'static str,
    /// The names of the rooms.
    pub labels: &'static [&'static str],
    /// Which one is open.
    pub chosen: Signal<usize>,
}

impl Tabs {
    /// The row. `choose` hears the number of the tab that a person opens.
    pub fn view(self, choose: impl Fn(usize) + Copy + Send + 'static) -> AnyView {
        let Self { name, panel, labels, chosen } = self;
        let row: NodeRef<Div> = NodeRef::new();
        let keys = move |event: ev::KeyboardEvent| {
            let Some(to) = neighbour(&event.key(), chosen.get_untracked(), labels.len()) else { return };
            // The page's own keys would step through the run with the same arrows.
            event.stop_propagation();
            event.prevent_default();
            choose(to);
            let tabs = row.get_untracked().map(|row| row.children());
            let tab = u32::try_from(to).ok().and_then(|to| tabs?.item(to));
            if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
                // A tab that can not have the focus is open all the same.
                let _ = tab.focus();
            }
        };
        let tab = |(number, label): (usize, &'static str)| {
            let is_chosen = move || chosen.get() == number;
            view! {
                <button
                    type="button"
                    role="tab"
                    aria-controls=panel
                    aria-selected=move || is_chosen().to_string()
                    tabindex=move || if is_chosen() { "0" } else { "-1" }
                    on:click=move |_| choose(number)
                >
                    {label}
                </button>
            }
        };
        let tabs = labels.iter().copied().enumerate().map(tab).collect_view();
        view! { <div class="tabs" role="tablist" aria-label=name node_ref=row on:keydown=keys>{tabs}</div> }.into_any()
    }
}

/// The tab to which a key leads; after the last comes the first. Home and End stay with the run, whose ends they mean.
fn neighbour(key: &str, at: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((at + 1) % count),
        "ArrowLeft" => Some((at + count - 1) % count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::neighbour;

    #[test]
    fn arrows_go_round() {
        let to = |key, at| neighbour(key, at, 3);
        assert_eq!([to("ArrowRight", 0), to("ArrowRight", 2), to("ArrowLeft", 0)], [Some(1), Some(0), Some(2)]);
        assert_eq!([to("ArrowLeft", 2), to("End", 1)], [Some(1), None]);
    }
}
