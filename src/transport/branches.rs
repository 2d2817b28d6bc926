//! The kept branches: nothing that was tried is lost, and each has a name of one's own choosing.

use leptos::ev;
use leptos::prelude::*;

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::menu::lazy_menu;

/// The button with the list; nothing while there is one branch only.
pub fn view(desk: Desk) -> AnyView {
    let label = move || {
        desk.branches.with(|branches| {
            let current =
                branches.iter().find(|(_, current)| *current).map(|(name, _)| name.clone()).unwrap_or_default();
            format!("{current}, {} kept", branches.len().saturating_sub(1))
        })
    };
    let shown = Memo::new(move |_| desk.branches.with(|branches| branches.len() > 1));
    (move || {
        shown.get().then(|| {
            let list = move || desk.branches.with(|branches| entries(desk, branches));
            let name = move || desk.branches.with(|branches| rename(desk, branches));
            let panel = move || {
                view! {
                    {list}
                    <hr class="menu-line" />
                    {name}
                }
                .into_any()
            };
            lazy_menu("branches", "branch-button", view! { <span>{label}</span> }.into_any(), panel)
        })
    })
    .into_any()
}

fn entries(desk: Desk, branches: &[(String, bool)]) -> AnyView {
    let names = branches.iter().enumerate();
    names.map(|(at, (name, current))| entry(desk, at, name.clone(), *current)).collect_view().into_any()
}

fn entry(desk: Desk, at: usize, name: String, current: bool) -> AnyView {
    view! {
        <button type="button" class="menu-item" aria-current=current.to_string() on:click=move |_| desk.send(Intent::Branch(at))>
            {name}
        </button>
    }
    .into_any()
}

/// The name of the branch that is shown, to be changed.
fn rename(desk: Desk, branches: &[(String, bool)]) -> AnyView {
    let Some((at, (name, _))) = branches.iter().enumerate().find(|(_, (_, current))| *current) else {
        return ().into_any();
    };
    let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        desk.send(Intent::NameBranch(at, event.target().value()));
    };
    view! {
        <label class="branch-name">
            <span class="quiet">"Name of this branch"</span>
            <input class="text" type="text" maxlength="40" prop:value=name.clone() on:change:target=change />
        </label>
    }
    .into_any()
}
