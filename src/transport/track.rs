//! The track: drag to any moment. Ticks below it are commands, marks above it faults, broken promises and verdicts that changed.

use leptos::html::Div;
use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::view::timeline::{Mark, Turned};
use sim::view::verdict::VerdictStatus;

use super::ticks::{apart, closest, command_path, distinct, share};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::icon::Icon;
use sim::view::words::clock;

/// The slider with its ticks.
pub fn view(desk: Desk) -> AnyView {
    let track: NodeRef<Div> = NodeRef::new();
    let seek_to = move |event: &leptos::ev::PointerEvent| {
        let Some(track) = track.get_untracked() else { return };
        let area = track.get_bounding_client_rect();
        let share = ((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
        let known = desk.facts.with_untracked(|facts| facts.known);
        // Rounding to a whole microsecond is far below one pixel.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        desk.send(Intent::SeekTime(Micros((share * known.0 as f64) as u64)));
    };
    let press = move |event: leptos::ev::PointerEvent| {
        if let Some(track) = track.get_untracked() {
            // Without the capture a fast drag would leave the track behind; it still seeks on each event it gets.
            let _ = track.set_pointer_capture(event.pointer_id());
        }
        desk.dragging.set(true);
        desk.send(Intent::Pause);
        seek_to(&event);
    };
    let drag = move |event: leptos::ev::PointerEvent| {
        if desk.dragging.get_untracked() {
            seek_to(&event);
        }
    };
    let rest = move |_: leptos::ev::PointerEvent| {
        if desk.dragging.get_untracked() {
            desk.dragging.set(false);
            desk.look_again();
        }
    };
    let at = move || format!("{:.3}%", 100.0 * share(desk.clock.get(), desk.facts.with(|facts| facts.known)));
    let told = move || {
        let (now, known) = (desk.clock.get(), desk.facts.with(|facts| facts.known));
        format!("{} of {}", clock(now), clock(known))
    };
    view! {
        <div class="track-room">
            <div
                class="track"
                role="slider"
                tabindex="0"
                aria-label="Moment"
                aria-valuemin="0"
                aria-valuemax=move || desk.facts.with(|facts| facts.known.as_millis().to_string())
                aria-valuenow=move || desk.clock.get().as_millis().to_string()
                aria-valuetext=told
                node_ref=track
                style:--at=at
                on:pointerdown=press
                on:pointermove=drag
                on:pointerup=rest
                on:pointercancel=rest
            >
                <div class="rail"></div>
                <div class="thumb"></div>
            </div>
            {marks(desk)}
            <div class="scale" aria-hidden="true">{move || desk.facts.with(|facts| scale(facts.known))}</div>
        </div>
    }
    .into_any()
}

/// The ticks and marks of the known run.
fn marks(desk: Desk) -> AnyView {
    let commands = move || desk.facts.with(|facts| command_path(&facts.timeline.commands, facts.known));
    // Whatever is selected is lit here, too: a tick for each thing that happened to it.
    let lit = Memo::new(move |_| {
        let selection = desk.selection.get();
        let known = desk.facts.with(|facts| facts.known);
        let moments = selection.map(|selection| desk.moments_of(selection)).unwrap_or_default();
        command_path(&apart(&moments, known), known)
    });
    let flags = move || {
        desk.facts.with(|facts| {
            let timeline = &facts.timeline;
            let apart = (facts.known, closest(desk.narrow.get()));
            let is_broken = |turned: &&Turned| turned.to == VerdictStatus::Broken;
            let other: Vec<&Turned> = timeline.turned.iter().filter(|one| !is_broken(one)).collect();
            let turned = distinct(&other, apart, |turned| &turned.mark)
                .into_iter()
                .map(|(at, turned)| flag(desk, at, &turned.mark, turn(turned.to)));
            let faults = distinct(&timeline.faults, apart, |mark| mark)
                .into_iter()
                .map(|(at, mark)| flag(desk, at, mark, ("mark fault", Icon::Triangle)));
            // A promise that breaks and a verdict that says so have one row.
            let verdicts = timeline.turned.iter().filter(is_broken).map(|turned| &turned.mark);
            let mut broken: Vec<&Mark> = timeline.broken.iter().chain(verdicts).collect();
            broken.sort_by_key(|mark| mark.at);
            let broken = distinct(&broken, apart, |mark| mark)
                .into_iter()
                .map(|(at, mark)| flag(desk, at, mark, turn(VerdictStatus::Broken)));
            turned.chain(faults).chain(broken).collect_view()
        })
    };
    view! {
        <svg class="commands" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
            <path d=commands></path>
            <path class="lit" d=lit></path>
        </svg>
        <div class="marks" aria-hidden="true">{flags}</div>
    }
    .into_any()
}

/// How the moment at which a verdict changed is marked.
const fn turn(to: VerdictStatus) -> (&'static str, Icon) {
    match to {
        VerdictStatus::Holds => ("mark mended", Icon::Check),
        VerdictStatus::AtRisk => ("mark risk", Icon::Ring),
        VerdictStatus::Broken => ("mark broken", Icon::Cross),
    }
}

fn flag(desk: Desk, at: f64, mark: &Mark, (class, icon): (&'static str, Icon)) -> AnyView {
    let (step, at_moment) = (mark.step, mark.at);
    let press = move |_| {
        if desk.twin.on.get_untracked() {
            desk.go_to(at_moment);
        } else {
            desk.send(Intent::SeekStep(step));
        }
    };
    let title = format!("{}: {}", clock(mark.at), mark.text);
    view! {
        <span class=class style:left=format!("{:.3}%", 100.0 * at) title=title on:click=press>
            {icon.view()}
        </span>
    }
    .into_any()
}

/// Five round moments or so under the track.
fn scale(known: Micros) -> AnyView {
    const STEPS_MS: [u64; 14] =
        [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 3_600_000];
    let step = STEPS_MS.into_iter().find(|step| known.as_millis() / step <= 8).unwrap_or(known.as_millis().max(1) / 5);
    let moments = (0..=known.as_millis() / step.max(1)).map(|n| Micros::from_millis(n * step));
    moments
        .map(|at| {
            let place = format!("{:.3}%", 100.0 * share(at, known));
            view! { <span style:left=place>{if at == Micros::ZERO { "0 s".to_owned() } else { at.to_string() }}</span> }
        })
        .collect_view()
        .into_any()
}
