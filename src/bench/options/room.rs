//! The form: a search box, and the options under their headings.

use std::sync::Arc;

use leptos::prelude::*;
use sim::scenario::json::whole;
use sim::scenario::recording::Scenario;
use sim::scenario::value_path;

use super::describe::Shape;
use super::draft::{Draft, place_and_words};
use super::entry::{Entry, entries, search};
use super::load::{Description, fetch};
use super::row::row;
use super::section::Topic;
use crate::kit::button::button;
use crate::kit::segments::Segments;
use sim::view::words::plural;

/// How many results of a search are shown; nobody reads more, and each costs time at every key.
const RESULTS_MAX: usize = 20;

/// Which options are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Listed {
    /// Every one.
    #[default]
    All,
    /// Those that are not as the scenario came.
    Changed,
    /// Those that are no default.
    Unusual,
}

const LISTED: [(Listed, &str); 3] =
    [(Listed::All, "all"), (Listed::Changed, "changed"), (Listed::Unusual, "not default")];

/// For each option: is it not as the scenario came, and is it no default?
type Marks = Arc<Vec<(bool, bool)>>;

/// A heading, and which of the options stand under it.
type Section = (String, core::ops::Range<usize>);

/// What every part of the form needs.
#[derive(Clone, Copy)]
struct Form {
    draft: Draft,
    entries: StoredValue<Arc<Vec<Arc<Entry>>>>,
    marks: Memo<Marks>,
    query: RwSignal<String>,
    listed: RwSignal<Listed>,
}

/// The form. The description of the options is asked for when it opens for the first time.
pub fn room(draft: Draft, description: RwSignal<Description>) -> AnyView {
    if description.with_untracked(|description| !matches!(description, Description::Here(_))) {
        fetch(description);
    }
    let body = move || {
        description.with(|now| match now {
            Description::Coming => {
                view! { <p class="quiet options-note" role="status">"Reading what the options are…"</p> }.into_any()
            }
            Description::Missing => view! {
                <div class="options-note" role="alert">
                    <p>"The description of the options could not be fetched. The dials and the JSON view work without it."</p>
                    {button("", "Try again", move || fetch(description))}
                </div>
            }
            .into_any(),
            Description::Here(shape) => form(draft, shape),
        })
    };
    body.into_any()
}

fn form(draft: Draft, shape: &Shape) -> AnyView {
    let all: Vec<Arc<Entry>> = entries(shape, &whole(&Scenario::default())).into_iter().map(Arc::new).collect();
    let all = Arc::new(all);
    let marked = Arc::clone(&all);
    let marks = Memo::new(move |_| {
        draft.value.with(|now| {
            draft.given.with(|given| {
                let mark = |entry: &Arc<Entry>| {
                    let here = value_path::get(now, &entry.path);
                    (here != value_path::get(given, &entry.path), here != Some(&entry.default))
                };
                Arc::new(marked.iter().map(mark).collect::<Vec<_>>())
            })
        })
    });
    let form = Form {
        draft,
        entries: StoredValue::new(all),
        marks,
        query: RwSignal::new(String::new()),
        listed: RwSignal::new(Listed::All),
    };
    // A form of sections and a list of results are different things; within one of them nothing is drawn anew.
    let searching =
        Memo::new(move |_| form.query.with(|query| !query.trim().is_empty()) || form.listed.get() != Listed::All);
    view! {
        {tools(form)}
        {refusal(form)}
        {move || if searching.get() { results(form) } else { sections(form) }}
    }
    .into_any()
}

/// The search box, which options are listed, and putting all of them back.
fn tools(form: Form) -> AnyView {
    let count = form.entries.with_value(|entries| entries.len());
    let at = move || LISTED.iter().position(|(listed, _)| *listed == form.listed.get());
    let control = Segments {
        name: "Options that are listed",
        labels: LISTED.iter().map(|(_, label)| *label).collect(),
        chosen: Signal::derive(at),
    };
    let changed = move || form.marks.with(|marks| marks.iter().filter(|(changed, _)| *changed).count());
    view! {
        <div class="options-tools">
            <input
                class="text"
                type="search"
                aria-label="Search the options"
                placeholder=format!("Search {count} options")
                prop:value=move || form.query.get()
                on:input:target=move |event| form.query.set(event.target().value())
            />
            {control.view(move |at| form.listed.set(LISTED[at].0))}
            <div class="options-sum">
                <span class="quiet" role="status">{move || format!("{} changed from the scenario", changed())}</span>
                <button type="button" class="text-button" prop:disabled=move || changed() == 0 on:click=move |_| form.draft.reset()>
                    "Reset all"
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What the machine would not take, said on top, with ways to it and back from it.
fn refusal(form: Form) -> AnyView {
    let show = move || {
        let error = form.draft.error.get()?;
        let (place, words) = place_and_words(&error);
        let target = place.clone();
        let find = move || {
            let of = form.entries.with_value(|entries| {
                entries.iter().find(|entry| value_path::covers(&entry.path, &target)).map(|entry| entry.path.clone())
            });
            form.listed.set(Listed::All);
            form.query.set(of.unwrap_or_default());
        };
        Some(view! {
            <div class="options-refusal" role="alert">
                <p><strong>"Not taken over yet."</strong>" "<span class="mono">{place}</span>" "{words}</p>
                <div class="actions">
                    {button("", "Show the field", find)}
                    {button("", "Take it back", move || form.draft.forget())}
                </div>
            </div>
        })
    };
    show.into_any()
}

/// All options, in sections that open. What is closed is not in the page.
fn sections(form: Form) -> AnyView {
    let all = form.entries.get_value();
    let mut groups: Vec<(Topic, Vec<Section>)> = Vec::new();
    for (at, entry) in all.iter().enumerate() {
        if groups.last().is_none_or(|(topic, _)| *topic != entry.topic) {
            groups.push((entry.topic, Vec::new()));
        }
        let Some((_, sections)) = groups.last_mut() else { continue };
        match sections.last_mut() {
            Some((title, range)) if *title == entry.section => range.end = at + 1,
            _ => sections.push((entry.section.clone(), at..at + 1)),
        }
    }
    let group = |(topic, parts): (Topic, Vec<Section>)| {
        let single = parts.len() == 1;
        // A topic of a single part needs no further heading.
        let title = |title: String| if single { topic.title().to_owned() } else { title };
        let heading = (!single).then(|| view! { <h3 class="options-topic">{topic.title()}</h3> });
        let parts = parts.into_iter().map(|(name, range)| section(form, title(name), range)).collect_view();
        view! { <div class="options-group">{heading}{parts}</div> }
    };
    groups.into_iter().map(group).collect_view().into_any()
}

fn section(form: Form, title: String, range: core::ops::Range<usize>) -> AnyView {
    let open = RwSignal::new(false);
    let (start, count) = (range.start, range.len());
    let changed = move || form.marks.with(|marks| marks[start..start + count].iter().filter(|(one, _)| *one).count());
    let body = move || open.get().then(|| rows(form, &(start..start + count).collect::<Vec<_>>(), false));
    let mark = move || {
        (changed() > 0).then(|| view! { <span class="options-mark changed">{format!("{} changed", changed())}</span> })
    };
    let toggled = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlDetailsElement>| {
        open.set(event.target().open());
    };
    view! {
        <details class="options-section" on:toggle:target=toggled>
            <summary>
                <span>{title}</span>
                <span class="options-count quiet">{mark}{plural(count, "option")}</span>
            </summary>
            {body}
        </details>
    }
    .into_any()
}

/// Rows with a small heading wherever another part begins; in a list of results every row says what it belongs to.
fn rows(form: Form, which: &[usize], everywhere: bool) -> AnyView {
    let all = form.entries.get_value();
    let mut before = String::new();
    let rows = which
        .iter()
        .filter_map(|at| {
            let entry = Arc::clone(all.get(*at)?);
            let of = if everywhere { belongs_to(&entry) } else { entry.of.clone() };
            let heading = (of != before && !of.is_empty()).then(|| view! { <p class="options-of">{of.clone()}</p> });
            before = of;
            Some(view! { {heading}{row(form.draft, entry)} })
        })
        .collect_view();
    view! { <div class="options-rows">{rows}</div> }.into_any()
}

/// What an option belongs to, from the topic on.
fn belongs_to(entry: &Entry) -> String {
    let mut steps = vec![entry.topic.title(), &entry.section, &entry.of];
    steps.dedup();
    steps.retain(|step| !step.is_empty());
    steps.join(" · ")
}

/// What a search and the choice of what is listed have found.
fn results(form: Form) -> AnyView {
    let found = Memo::new(move |_| {
        let all = form.entries.get_value();
        let (query, listed) = (form.query.get(), form.listed.get());
        // A row that is put back to what it was stays until something else is listed: it must not vanish under a hand.
        let marks = form.marks.get_untracked();
        let wanted = |at: &usize| match listed {
            Listed::All => true,
            Listed::Changed => marks[*at].0,
            Listed::Unusual => marks[*at].1,
        };
        search(&all, &query).into_iter().filter(wanted).collect::<Vec<usize>>()
    });
    let words = move || {
        let count = found.with(Vec::len);
        match count {
            0 => "Nothing fits.".to_owned(),
            count if count > RESULTS_MAX => {
                format!("{}, the first {RESULTS_MAX} shown", plural(count, "option"))
            }
            count => plural(count, "option"),
        }
    };
    // Rows that are found again by the next key stay as they are: only those that come are made.
    let shown = move || found.with(|found| found.iter().take(RESULTS_MAX).copied().collect::<Vec<_>>());
    view! {
        <p class="options-note quiet" role="status">{words}</p>
        <For each=shown key=|at| *at children=move |at| rows(form, &[at], true) />
    }
    .into_any()
}
