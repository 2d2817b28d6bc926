//! Light, dark, or whatever the system says.

use leptos::prelude::*;

use crate::kit::icon::Icon;
use crate::store;

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Theme {
    /// Whatever the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const KEY: &str = "cqrs-lab.theme";

impl Theme {
    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    const fn after(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The button that goes through the themes. index.html sets the kept theme before the first paint.
pub fn theme_button() -> AnyView {
    let theme = RwSignal::new(store::read(KEY).map_or(Theme::Auto, |name| Theme::named(&name)));
    Effect::new(move |_| {
        let name = theme.get().name();
        store::write(KEY, name);
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        if let Some(root) = root {
            // An attribute with a plain name is never refused.
            let _ = root.set_attribute("data-theme-choice", name);
            let _ = js_sys::Function::new_no_args("applyTheme()").call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    let name = move || format!("Theme: {}", theme.get().name());
    view! {
        <button type="button" class="button plain" title=name aria-label=name on:click=move |_| theme.update(|theme| *theme = theme.after())>
            {Icon::Contrast.view()}
            <span class="wide-only">{name}</span>
        </button>
    }
    .into_any()
}
