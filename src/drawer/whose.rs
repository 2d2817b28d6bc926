//! Whose figures the drawer shows: a list of the readers that take part, and of the copies where they count.

use leptos::prelude::*;
use sim::oracle::lags::Whose;

use crate::desk::Desk;

/// The list. `readers` are those that can be looked at, and the one that is.
pub fn whose(desk: Desk, name: &'static str, readers: Memo<(Vec<Whose>, Option<Whose>)>) -> AnyView {
    let options = move || {
        let (readers, chosen) = readers.get();
        let option = |(number, reader): (usize, Whose)| {
            view! { <option value=number selected=Some(reader) == chosen>{reader.to_string()}</option> }
        };
        readers.into_iter().enumerate().map(option).collect_view()
    };
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        let number = event.target().value().parse().ok();
        let of = |number: usize| readers.with_untracked(|(readers, _)| readers.get(number).copied());
        desk.watched.set(number.and_then(of));
    };
    view! { <select class="pick" aria-label=name on:change:target=choose>{options}</select> }.into_any()
}
