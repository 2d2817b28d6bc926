//! A button with words on it.

use leptos::prelude::*;

/// A button; `class` adds to `button`, as `primary` does.
pub fn button(class: &'static str, label: impl Into<String>, press: impl Fn() + 'static) -> AnyView {
    let class = if class.is_empty() { "button".to_owned() } else { format!("button {class}") };
    let label: String = label.into();
    view! { <button type="button" class=class on:click=move |_| press()>{label}</button> }.into_any()
}
