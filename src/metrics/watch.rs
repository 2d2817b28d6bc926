//! What is watched: objectives and how they are met, alerts and how they stand, and a rebuild and how far it has come.

use leptos::prelude::*;
use sim::kernel::sorting::sort_by_key;
use sim::kernel::time::Micros;
use sim::view::gauges::{AlertSpan, AlertState, Attained, Readings, RebuildStep};

use crate::desk::Desk;
use crate::kit::icon::Icon;
use sim::view::words::clock;

/// Alerts that are listed at most: the latest.
const LISTED: usize = 30;

/// The lists.
pub fn watch(desk: Desk) -> AnyView {
    let objectives = move || desk.readings.with(|readings| readings.objectives.iter().map(objective).collect_view());
    // What is told changes when an alert turns, not with every frame.
    let standing = Memo::new(move |_| desk.readings.with(|readings| standing(readings, desk.clock.get())));
    let alerts = move || {
        let standing = standing.get();
        if standing.is_empty() {
            return view! { <p class="quiet">"No rule has anything to say so far."</p> }.into_any();
        }
        let lines = standing.into_iter().map(|(span, state)| alert(desk, &span, state)).collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    };
    let rebuild = Memo::new(move |_| desk.readings.with(|readings| readings.rebuild(desk.clock.get()).cloned()));
    let rebuild = move || rebuild.get().map(|step| rebuilding(desk, &step));
    view! {
        <div class="metric-watch" role="region" aria-label="Objectives and alerts" tabindex="0">
            {rebuild}
            <h3>"Alerts"</h3>
            {alerts}
            <h3>"Objectives over the run"</h3>
            <ul>{objectives}</ul>
        </div>
    }
    .into_any()
}

/// The alerts that there is something to tell of at a moment: what is urgent first, then the latest.
fn standing(readings: &Readings, moment: Micros) -> Vec<(AlertSpan, AlertState)> {
    let told = readings.alerts.iter().filter_map(|span| Some((span.clone(), span.at(moment)?)));
    let mut told: Vec<_> = told.collect();
    let urgency = |state: AlertState| match state {
        AlertState::Firing => 0,
        AlertState::Pending => 1,
        AlertState::Resolved => 2,
    };
    sort_by_key(&mut told, |(span, state)| (urgency(*state), core::cmp::Reverse(span.since)));
    told.truncate(LISTED);
    told
}

fn objective(one: &Attained) -> AnyView {
    let (class, icon) = if one.met { ("watch-line met", Icon::Check) } else { ("watch-line missed", Icon::Cross) };
    view! { <li class=class>{icon.view()}<span><strong>{one.name.clone()}</strong>{format!(": {}", one.text)}</span></li> }
        .into_any()
}

fn alert(desk: Desk, span: &AlertSpan, state: AlertState) -> AnyView {
    let (class, icon, word) = match state {
        AlertState::Pending => ("watch-line pending", Icon::Ring, "pending"),
        AlertState::Firing => ("watch-line missed", Icon::Triangle, "firing"),
        AlertState::Resolved => ("watch-line met", Icon::Check, "resolved"),
    };
    let about = span.reader.map(|reader| format!(", {reader}")).unwrap_or_default();
    let name = format!("{} \"{}\"{about}: {word}", span.severity.name(), span.name);
    let over = span.cleared.filter(|_| state == AlertState::Resolved);
    let fired = span.fired.filter(|_| state != AlertState::Pending);
    // What began a moment before it fired is one moment.
    let since = Some(span.since).filter(|since| fired != Some(*since));
    let moments = [("since", since), ("fired", fired), ("cleared", over)];
    let moments = moments.into_iter().filter_map(|(word, at)| Some(moment(desk, word, at?))).collect_view();
    view! { <li class=class>{icon.view()}<span><strong>{name}</strong>" "{moments}</span></li> }.into_any()
}

/// A moment that one can go to.
fn moment(desk: Desk, word: &'static str, at: Micros) -> AnyView {
    let go = move |_| desk.go_to(at);
    let name = format!("{word} {}", clock(at));
    view! { <button type="button" class="watch-moment" on:click=go>{name}</button> }.into_any()
}

fn rebuilding(desk: Desk, step: &RebuildStep) -> AnyView {
    let bar = step.handled.map(|(done, all)| {
        let name = format!("Rebuild of the {}", step.reader);
        view! { <progress aria-label=name max=all.max(1) value=done></progress> }
    });
    view! {
        <h3>"Rebuild"</h3>
        <p class="watch-rebuild">{step.text.clone()}" "{moment(desk, "at", step.at)}</p>
        {bar}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sim::oracle::alert::Severity;

    use super::{AlertSpan, AlertState, Micros, Readings, standing};

    #[test]
    fn what_is_urgent_comes_first() {
        let span = |since: u64, fired: Option<u64>, cleared: Option<u64>| AlertSpan {
            name: format!("from {since}"),
            severity: Severity::Alert,
            reader: None,
            since: Micros(since),
            fired: fired.map(Micros),
            cleared: cleared.map(Micros),
        };
        let alerts = vec![span(1, Some(2), Some(5)), span(3, None, None), span(4, Some(4), None), span(50, None, None)];
        let told = standing(&Readings { alerts, ..Readings::default() }, Micros(10));
        let states: Vec<_> = told.iter().map(|(span, state)| (span.since.0, *state)).collect();
        let wanted = [(4, AlertState::Firing), (3, AlertState::Pending), (1, AlertState::Resolved)];
        assert_eq!(states, wanted);
    }
}
