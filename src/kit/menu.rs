//! A button that opens a panel over the page. The browser closes it on Escape and on a click elsewhere.

use leptos::prelude::*;
use leptos::{ev, html};
use web_sys::HtmlElement;

/// Puts a panel right under the button that opens it, within the window.
fn place_under(button: &HtmlElement, panel: &HtmlElement) {
    const GAP: f64 = 6.0;
    const EDGE: f64 = 12.0;
    let at = button.get_bounding_client_rect();
    let room = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(1_000.0);
    let wide = panel.offset_width().max(240);
    let left = at.left().min(room - f64::from(wide) - EDGE).max(EDGE);
    // A style that the browser refuses leaves the panel in the middle, which still works.
    let style = panel.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{}px", at.bottom() + GAP));
}

/// A button, and the panel that it opens. `id` names the panel in the document.
pub fn menu(id: &'static str, class: &'static str, label: AnyView, panel: AnyView) -> AnyView {
    let button: NodeRef<html::Button> = NodeRef::new();
    let body: NodeRef<html::Div> = NodeRef::new();
    let place = move || {
        if let (Some(button), Some(body)) = (button.get_untracked(), body.get_untracked()) {
            place_under(&button, &body);
        }
    };
    // A choice closes the panel; so does nothing else inside it.
    let close = move |event: ev::MouseEvent| {
        let chosen = event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
        let is_choice = chosen.and_then(|chosen| chosen.closest(".menu-item, [data-closes]").ok().flatten()).is_some();
        if let Some(body) = body.get_untracked().filter(|_| is_choice) {
            // It may have been closed already; then there is nothing left to do.
            let _ = body.hide_popover();
        }
    };
    view! {
        <button type="button" class=class node_ref=button popovertarget=id on:click=move |_| place()>{label}</button>
        <div id=id class="panel" popover="auto" node_ref=body on:toggle=move |_| place() on:click=close>{panel}</div>
    }
    .into_any()
}
