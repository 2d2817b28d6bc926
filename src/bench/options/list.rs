//! A list in the form: its items in short, each of which opens, goes away, or is followed by another one.

use std::sync::Arc;

use leptos::ev::{Event, Targeted};
use leptos::prelude::*;
use serde_json::{Value, json};
use web_sys::HtmlDetailsElement;

use super::describe::Shape;
use super::draft::Draft;
use super::field::{Place, brief, control};
use sim::view::words::plural;

/// How many items are shown before one asks for more.
const SHOWN: usize = 40;

/// The control of a list.
pub fn list(draft: Draft, place: Place, inner: Arc<Shape>) -> AnyView {
    let value = place.value(draft);
    let count = Memo::new(move |_| value.with(|value| value.as_array().map_or(0, Vec::len)));
    let most = RwSignal::new(SHOWN);
    // The item that was added last is open, so that one can go on with it.
    let fresh = RwSignal::new(None::<usize>);
    let add = {
        let (path, inner) = (place.path.clone(), Arc::clone(&inner));
        move |_| {
            let mut items = items_of(&value.get_untracked());
            // What comes next is mostly like what came last.
            items.push(items.last().cloned().unwrap_or_else(|| inner.sample()));
            fresh.set(Some(items.len() - 1));
            draft.put(&path, json!(items));
        }
    };
    let label = place.label.clone();
    let further = move || {
        let hidden = count.get().saturating_sub(most.get());
        (hidden > 0).then(|| {
            view! {
                <button type="button" class="text-button" on:click=move |_| most.update(|most| *most += SHOWN)>
                    {format!("Show more: {} not shown", plural(hidden, "item"))}
                </button>
            }
        })
    };
    let (list_label, add_label) = (label.clone(), format!("Add to {label}"));
    let items = move || {
        let shown = count.get().min(most.get());
        (0..shown).map(|at| item(draft, &place, at, &inner, fresh)).collect_view()
    };
    view! {
        <div class="option-list">
            <ol aria-label=list_label>{items}</ol>
            <div class="option-backs">
                {further}
                <button type="button" class="text-button" aria-label=add_label on:click=add>"+ Add"</button>
            </div>
        </div>
    }
    .into_any()
}

fn items_of(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn item(draft: Draft, list: &Place, at: usize, inner: &Arc<Shape>, fresh: RwSignal<Option<usize>>) -> AnyView {
    let place = list.item(at);
    let value = place.value(draft);
    let starts_open = fresh.get_untracked() == Some(at);
    let open = RwSignal::new(starts_open);
    let remove = {
        let path = list.path.clone();
        move |_| {
            let mut items = items_of(&draft.at(&path));
            if at < items.len() {
                items.remove(at);
            }
            fresh.set(None);
            draft.put(&path, json!(items));
        }
    };
    let remove_label = format!("Remove {}", place.label);
    let body = {
        let (place, inner) = (place, Arc::clone(inner));
        move || open.get().then(|| control(draft, place.clone(), &inner))
    };
    let toggled = move |event: Targeted<Event, HtmlDetailsElement>| open.set(event.target().open());
    view! {
        <li>
            <details prop:open=starts_open on:toggle:target=toggled>
                <summary><span class="quiet">{format!("{}", at + 1)}</span>" "{move || value.with(brief)}</summary>
                {body}
            </details>
            <button type="button" class="text-button remove" aria-label=remove_label title="Remove" on:click=remove>"×"</button>
        </li>
    }
    .into_any()
}
