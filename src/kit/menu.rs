//! A button that opens a panel over the page. The browser closes it on Escape and on a click elsewhere.

use leptos::prelude::*;
use leptos::{ev, html};
use web_sys::HtmlElement;

/// Puts a panel right under the button that opens it, or over it where there is no room below, within the window.
fn place_beside(button: &HtmlElement, panel: &HtmlElement) {
    const GAP: f64 = 6.0;
    const EDGE: f64 = 12.0;
    let at = button.get_bounding_client_rect();
    let window = web_sys::window();
    let of_window = |size: fn(&web_sys::Window) -> Option<f64>| window.as_ref().and_then(size).unwrap_or(1_000.0);
    let (room, floor) = (
        of_window(|window| window.inner_width().ok()?.as_f64()),
        of_window(|window| window.inner_height().ok()?.as_f64()),
    );
    let (wide, high) = (f64::from(panel.offset_width().max(240)), f64::from(panel.offset_height()));
    let left = at.left().min(room - wide - EDGE).max(EDGE);
    let under = at.bottom() + GAP;
    let top = if under + high + EDGE > floor { (at.top() - GAP - high).max(EDGE) } else { under };
    // A style that the browser refuses leaves the panel in the middle, which still works.
    let style = panel.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// A button, and the panel that it opens. `id` names the panel in the document. What is in the panel is told whether it is
/// open, so that what nobody sees need not be there.
pub fn menu(
    id: &'static str,
    class: &'static str,
    label: AnyView,
    panel: impl FnOnce(Signal<bool>) -> AnyView,
) -> AnyView {
    let open = RwSignal::new(false);
    let panel = panel(open.into());
    with_panel(id, class, label, open, panel)
}

/// A menu whose panel is there only while it is open.
pub fn lazy_menu(
    id: &'static str,
    class: &'static str,
    label: AnyView,
    panel: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    menu(id, class, label, |open| (move || open.get().then(&panel)).into_any())
}

fn with_panel(id: &'static str, class: &'static str, label: AnyView, open: RwSignal<bool>, panel: AnyView) -> AnyView {
    let button: NodeRef<html::Button> = NodeRef::new();
    let body: NodeRef<html::Div> = NodeRef::new();
    // The browser tells of a panel's closing a little later, when it may be gone with the room that it was in.
    let there = move || Some((button.try_get_untracked()??, body.try_get_untracked()??));
    let place = move || {
        if let Some((button, body)) = there() {
            place_beside(&button, &body);
        }
    };
    // What is in a panel is made before it opens, and goes only after it has closed, so that the focus finds its way back.
    // It is not made anew by being told twice.
    let now = move |is_open: bool| {
        if open.try_get_untracked().is_some_and(|was| was != is_open) {
            open.set(is_open);
        }
    };
    let opening = move |_: ev::Event| now(true);
    let toggled = move |_: ev::Event| {
        now(there().is_some_and(|(_, body)| body.matches(":popover-open").unwrap_or(false)));
        place();
    };
    // A choice closes the panel; so does nothing else inside it.
    let close = move |event: ev::MouseEvent| {
        let chosen = event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
        let is_choice = chosen.and_then(|chosen| chosen.closest(".menu-item, [data-closes]").ok().flatten()).is_some();
        if let Some((_, body)) = there().filter(|_| is_choice) {
            // It may have been closed already; then there is nothing left to do.
            let _ = body.hide_popover();
        }
    };
    view! {
        <button type="button" class=class node_ref=button popovertarget=id on:click=move |_| place()>{label}</button>
        <div id=id class="panel" popover="auto" node_ref=body on:beforetoggle=opening on:toggle=toggled on:click=close>{panel}</div>
    }
    .into_any()
}
