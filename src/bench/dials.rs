//! The main dials, made by hand: the faults, protections and traffic that a person tries first.

use leptos::prelude::*;
use sim::system::options::{Idempotency, Options};

use super::choice::{Choice, IDEMPOTENCE, PROTECTIONS};
use super::dial::{CRASHES, Dial, FAULTS, REMEMBER, WORKLOAD};
use super::scope::{Scope, projection};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::segments::Segments;
use crate::kit::slider::Slider;

/// What every control of the bench needs.
#[derive(Clone, Copy)]
struct Bench {
    desk: Desk,
    scope: RwSignal<Scope>,
}

impl Bench {
    /// Changes the options from this moment on.
    fn edit(self, change: impl FnOnce(&mut Options, Scope)) {
        let mut options = Options::clone(&self.desk.options.get_untracked());
        change(&mut options, self.scope.get_untracked());
        self.desk.send(Intent::Edit(Box::new(options)));
    }

    /// Reads the options in force and the ones that the scenario gave.
    fn both<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Options, Scope) -> T + Send + Sync + 'static,
    ) -> Memo<(T, bool)> {
        Memo::new(move |_| {
            let scope = self.scope.get();
            let now = self.desk.options.with(|options| read(options, scope));
            let changed = self.desk.given.with(|given| read(&given.options, scope)) != now;
            (now, changed)
        })
    }
}

/// All dials.
pub fn dials(desk: Desk) -> AnyView {
    let bench = Bench { desk, scope: RwSignal::new(Scope::Both) };
    view! {
        <div class="bench-scope">
            <span class="quiet" aria-hidden="true">"acts on"</span>
            {scope_control(bench)}
        </div>
        <section class="group" aria-label="Faults">
            <div class="overline"><h2>"Faults"</h2></div>
            {FAULTS.iter().map(|dial| dial_row(bench, dial)).collect_view()}
            <h3 class="sub">"The projector crashes"</h3>
            {CRASHES.iter().map(|dial| dial_row(bench, dial)).collect_view()}
        </section>
        <section class="group" aria-label="Protections">
            <div class="overline"><h2>"Protections"</h2></div>
            {choice_row(bench, &IDEMPOTENCE)}
            {remember_row(bench)}
            {PROTECTIONS.iter().map(|choice| choice_row(bench, choice)).collect_view()}
        </section>
        <section class="group" aria-label="Workload">
            <div class="overline"><h2>"Workload"</h2></div>
            {WORKLOAD.iter().map(|dial| dial_row(bench, dial)).collect_view()}
            {seed_row(desk)}
        </section>
    }
    .into_any()
}

fn scope_control(bench: Bench) -> AnyView {
    let at = move || Scope::ALL.iter().position(|(scope, _)| *scope == bench.scope.get());
    let labels = Scope::ALL.iter().map(|(_, label)| *label).collect();
    let control = Segments { name: "The bench acts on", labels, chosen: Signal::derive(at) };
    control.view(move |at| bench.scope.set(Scope::ALL[at].0))
}

/// A name with a dot when it differs from the scenario; the dot is told in words, too.
fn name_view(name: &'static str, changed: Signal<bool>) -> AnyView {
    let class = move || if changed.get() { "field-name changed" } else { "field-name" };
    let told = move || changed.get().then(|| view! { <span class="heard">", changed from the scenario"</span> });
    view! { <span class=class>{name}{told}</span> }.into_any()
}

fn dial_row(bench: Bench, dial: &'static Dial) -> AnyView {
    let state = bench.both(|options, scope| dial.read(options, scope));
    // While a drag lasts, only the number beside it follows: the run changes once, at the end.
    let draft = RwSignal::new(None::<usize>);
    let show = move || match (draft.get(), state.get()) {
        (Some(step), _) => (dial.show)(dial.steps[step]),
        (None, ((value, true), _)) => format!("{} …", (dial.show)(value)),
        (None, ((value, false), _)) => (dial.show)(value),
    };
    let slider = Slider {
        name: dial.name,
        last: dial.steps.len() - 1,
        at: Signal::derive(move || draft.get().unwrap_or_else(|| dial.nearest(state.get().0.0))),
        text: Signal::derive(show),
    };
    let choose = move |step: usize| {
        draft.set(None);
        bench.edit(|options, scope| dial.write(options, scope, dial.steps[step]));
    };
    let hint = match dial.shape {
        Some(shape) => shape_row(bench, shape),
        None => dial.hint.into_any(),
    };
    view! {
        <div class="field">
            <div class="field-head">
                {name_view(dial.name, Signal::derive(move || state.get().1))}
                <span class="field-value">{show}</span>
                <span class="field-hint">{hint}</span>
            </div>
            {slider.view(move |step| draft.set(Some(step)), choose)}
        </div>
    }
    .into_any()
}

/// The shape of a distribution, as a list that looks like the hint of its dial.
fn shape_row(bench: Bench, shape: &'static Choice) -> AnyView {
    let state = bench.both(|options, scope| shape.read(options, scope));
    let entries = shape
        .options
        .iter()
        .enumerate()
        .map(|(at, (name, what))| {
            view! { <option value=at selected=move || state.get().0.0 == at>{format!("{name}, {what}")}</option> }
        })
        .collect_view();
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        if let Ok(at) = event.target().value().parse() {
            bench.edit(|options, scope| shape.write(options, scope, at));
        }
    };
    view! {
        <select class="pick" aria-label=shape.name prop:value=move || state.get().0.0.to_string() on:change:target=choose>
            {entries}
        </select>
    }
    .into_any()
}

fn choice_row(bench: Bench, choice: &'static Choice) -> AnyView {
    let state = bench.both(|options, scope| choice.read(options, scope));
    let hint = move || {
        let ((at, mixed), _) = state.get();
        if mixed { "the two projections differ" } else { choice.options[at].1 }
    };
    let control = Segments {
        name: choice.name,
        labels: choice.options.iter().map(|(label, _)| *label).collect(),
        chosen: Signal::derive(move || {
            let ((at, mixed), _) = state.get();
            (!mixed).then_some(at)
        }),
    };
    view! {
        <div class="field">
            {name_view(choice.name, Signal::derive(move || state.get().1))}
            {control.view(move |at| bench.edit(|options, scope| choice.write(options, scope, at)))}
            <span class="field-hint">{hint}</span>
        </div>
    }
    .into_any()
}

/// How long processed events are remembered: it matters only where they are.
fn remember_row(bench: Bench) -> AnyView {
    let matters = Memo::new(move |_| {
        let scope = bench.scope.get();
        bench.desk.options.with(|options| {
            scope.models().iter().any(|model| projection(options, *model).idempotency == Idempotency::ProcessedEvents)
        })
    });
    (move || matters.get().then(|| dial_row(bench, &REMEMBER))).into_any()
}

/// The seed: other chances, other traffic, so the run starts over.
fn seed_row(desk: Desk) -> AnyView {
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        if let Ok(seed) = event.target().value().trim().parse() {
            desk.send(Intent::Reseed(seed));
        }
    };
    view! {
        <div class="field">
            <label class="field-head">
                <span class="field-name">"Seed"</span>
                <input class="text seed" type="text" inputmode="numeric" prop:value=move || desk.seed.get().to_string() on:change:target=choose />
                <span class="field-hint">"another seed is other traffic, from the start"</span>
            </label>
        </div>
    }
    .into_any()
}
