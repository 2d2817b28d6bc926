//! The top row: which run this is, taking back, the look, and help.

mod scenarios;
mod shelves;
mod theme;

use leptos::html::Dialog;
use leptos::prelude::*;

use self::scenarios::scenario_menu;
use self::theme::theme_button;
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::icon::Icon;
use crate::transport::keys::KEYS;
use crate::twin::chooser;

/// The row.
#[component]
pub fn HeaderRoom(
    /// The dialog with the list of keys, so that a key can open it, too.
    help: NodeRef<Dialog>,
) -> impl IntoView {
    let desk = Desk::here();
    let open_help = move |_| {
        if let Some(dialog) = help.get_untracked() {
            // It may be open already.
            let _ = dialog.show_modal();
        }
    };
    view! {
        <header class="head">
            <h1 class="logo">"cqrs"<i>"·"</i>"lab"</h1>
            {scenario_menu(desk)}
            <span class="spring"></span>
            {chooser::button(desk)}
            {history_button(desk, "Undo", Icon::Undo, Intent::Undo)}
            {history_button(desk, "Redo", Icon::Redo, Intent::Redo)}
            {theme_button()}
            <button type="button" class="button plain" aria-label="Keys" title="Keys" on:click=open_help>"?"</button>
        </header>
    }
}

fn history_button(desk: Desk, name: &'static str, icon: Icon, intent: Intent) -> AnyView {
    let undo = intent == Intent::Undo;
    let none = move || desk.history.with(|(can_undo, can_redo)| if undo { !can_undo } else { !can_redo });
    view! {
        <button type="button" class="button plain" aria-label=name title=name prop:disabled=none on:click=move |_| desk.send(intent.clone())>
            {icon.view()}
            <span class="wide-only">{name}</span>
        </button>
    }
    .into_any()
}

/// The list of keys.
#[component]
pub fn HelpDialog(
    /// The dialog itself.
    node: NodeRef<Dialog>,
) -> impl IntoView {
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let rows = KEYS
        .iter()
        .map(|(keys, what)| {
            let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd>" " }).collect_view();
            view! { <tr><td>{keys}</td><td>{*what}</td></tr> }
        })
        .collect_view();
    view! {
        <dialog node_ref=node aria-labelledby="help-title">
            <h2 id="help-title">"Keys"</h2>
            <table class="keys"><tbody>{rows}</tbody></table>
            <div class="actions">
                <button type="button" class="button primary" on:click=close>"Close"</button>
            </div>
        </dialog>
    }
}
