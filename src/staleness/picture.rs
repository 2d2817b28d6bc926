//! The picture: the lag stacked by cause, its limits as lines, late answers as marks, and where in it one is.

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::lags::Cause;
use sim::view::staleness::Staleness;

use super::Looking;
use super::chart::{Chart, Line};
use super::patterns::{fill, patterns};
use crate::desk::Desk;
use crate::kit::size::follow_size;
use crate::stage::movers::{Movers, set};

/// The size of the picture before it has a place on the page.
const FIRST_SIZE: (f64, f64) = (560.0, 190.0);
/// Samples that a page key passes.
const PAGE: usize = 10;

/// The picture, as a slider over the run: pointing or the arrows ask for the figures of a moment, a press goes there.
pub fn picture(desk: Desk, looking: Looking) -> AnyView {
    let node: NodeRef<Div> = NodeRef::new();
    let size = RwSignal::new(FIRST_SIZE);
    follow_size(node, size);
    let Looking { unit, probe, .. } = looking;
    let chart = Memo::new(move |_| desk.staleness.with(|seen| Chart::new(size.get(), unit.get(), seen)));
    let moment_of = move |event: &ev::PointerEvent| {
        let area = node.get_untracked()?.get_bounding_client_rect();
        Some(chart.with_untracked(|chart| chart.moment(f64::from(event.client_x()) - area.left())))
    };
    let go = move |to: Micros| desk.go_to(to);
    let point = move |event: ev::PointerEvent| probe.set(moment_of(&event));
    let press = move |event: ev::PointerEvent| moment_of(&event).into_iter().for_each(go);
    let keys = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let here = probe.get_untracked().unwrap_or_else(|| desk.clock.get_untracked());
        match (event.key().as_str(), desk.staleness.with_untracked(|seen| beside(seen, here, &event.key()))) {
            ("Enter" | " ", _) => go(here),
            (_, Some(to)) => probe.set(Some(to)),
            _ => return,
        }
        // The page's own keys would step through the run.
        event.stop_propagation();
        event.prevent_default();
    };
    let millis = move || looking.moment.get().as_millis().to_string();
    let until = move || desk.staleness.with(|seen| seen.until.as_millis().to_string());
    view! {
        <div
            class="lag-picture"
            role="slider"
            tabindex="0"
            aria-label="Lag over time"
            aria-valuemin="0"
            aria-valuemax=until
            aria-valuenow=millis
            aria-valuetext=move || looking.words()
            node_ref=node
            on:pointermove=point
            on:pointerleave=move |_| probe.set(None)
            on:pointerdown=press
            on:blur=move |_| probe.set(None)
            on:keydown=keys
        >
            {drawing(desk, looking, chart)}
        </div>
    }
    .into_any()
}

/// The sample beside a moment to which a key leads.
fn beside(seen: &Staleness, here: Micros, key: &str) -> Option<Micros> {
    let at = seen.samples.partition_point(|sample| sample.at <= here).saturating_sub(1);
    let last = seen.samples.len().checked_sub(1)?;
    let to = match key {
        "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => at + 1,
        "PageDown" => at.saturating_sub(PAGE),
        "PageUp" => at + PAGE,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    seen.samples.get(to.min(last)).map(|sample| sample.at)
}

fn drawing(desk: Desk, looking: Looking, chart: Memo<Chart>) -> AnyView {
    let size = move || chart.with(|chart| (chart.width, chart.height));
    let stack = move || chart.with(|chart| desk.staleness.with(|seen| stack(chart, seen)));
    let scales = move || chart.with(scales);
    let marks = move || chart.with(|chart| desk.staleness.with(|seen| marks(chart, seen)));
    let now: NodeRef<leptos::svg::G> = NodeRef::new();
    let shift = move |clock: Micros| format!("translate({:.1} 0)", chart.with_untracked(|chart| chart.x(clock)));
    let movers = Movers::new(desk);
    movers.add(move |clock| {
        if let Some(node) = now.get_untracked() {
            set(&node, "transform", &shift(clock));
        }
    });
    // The scale may change while the clock stands.
    Effect::new(move |_| {
        chart.track();
        if let Some(node) = now.get() {
            set(&node, "transform", &shift(desk.clock.get_untracked()));
        }
    });
    let height = move || chart.with(|chart| (chart.ceiling(), chart.floor()));
    let veil = move || chart.with(|chart| (chart.width, chart.floor() - chart.ceiling()));
    let line = move || height_line(height());
    let probe = move || {
        let at = looking.probe.get()?;
        let d = chart.with(|chart| format!("M{:.1} {}V{}", chart.x(at), chart.ceiling(), chart.floor()));
        Some(view! { <path class="lag-probe" d=d></path> })
    };
    view! {
        <svg
            class="lag-svg"
            width=move || size().0
            height=move || size().1
            viewBox=move || format!("0 0 {} {}", size().0, size().1)
            aria-hidden="true"
        >
            {patterns()}
            <clipPath id="lag-frame">
                <rect x=move || chart.with(|chart| chart.sides().0) y="0" width=move || chart.with(|chart| chart.sides().1 - chart.sides().0) height=move || size().1></rect>
            </clipPath>
            {scales}
            {stack}
            <g clip-path="url(#lag-frame)">
                <g transform=shift(desk.clock.get_untracked()) node_ref=now>
                    <rect class="lag-veil" x="0" y=move || height().0 width=move || veil().0 height=move || veil().1></rect>
                    <path class="lag-now" d=line></path>
                </g>
            </g>
            {marks}
            {probe}
        </svg>
    }
    .into_any()
}

fn height_line((ceiling, floor): (f64, f64)) -> String {
    format!("M0 {}V{floor}", ceiling - 6.0)
}

fn stack(chart: &Chart, seen: &Staleness) -> AnyView {
    let area = |(cause, path): (Cause, String)| view! { <path class="lag-area" fill=fill(cause) d=path></path> };
    chart.areas(&seen.samples).into_iter().map(area).collect_view().into_any()
}

fn scales(chart: &Chart) -> AnyView {
    let (left, right) = chart.sides();
    let figure = |(y, figure): (f64, String)| {
        view! {
            <path class="lag-grid" d=format!("M{left} {y:.1}H{right}")></path>
            <text class="lag-figure" x=left - 7.0 y=y + 3.5>{figure}</text>
        }
    };
    let moment = |(x, moment): (f64, String)| {
        let anchor = if x + 24.0 > right { "end" } else { "middle" };
        view! { <text class="lag-moment" text-anchor=anchor x=x y=chart.height - 5.0>{moment}</text> }
    };
    view! {
        {chart.figures().into_iter().map(figure).collect_view()}
        {chart.moments().into_iter().map(moment).collect_view()}
    }
    .into_any()
}

/// What stands above the stack: limits and late answers.
fn marks(chart: &Chart, seen: &Staleness) -> AnyView {
    let (left, right) = chart.sides();
    let (lines, beyond) = chart.limits(&seen.limits);
    /// Room for a name.
    const NAME: f64 = 156.0;
    let line = |line: Line<'_>| {
        let (y, name_y, x) = (line.y, line.name_y, right - 4.0 - NAME * line.beside as f64);
        view! {
            <path class="lag-limit" d=format!("M{left} {y:.1}H{right}")></path>
            <text class="lag-limit-name" x=x y=name_y - 4.0>{line.name.to_owned()}</text>
        }
    };
    // Those that are out of sight are named on the side on which they would be.
    let above = (!beyond.is_empty()).then(|| {
        view! { <text class="lag-beyond" x=left + 6.0 y="10">{format!("higher: {}", beyond.join(", "))}</text> }
    });
    let y = chart.answers();
    let mark = |wrong: bool| {
        let (class, shape) = if wrong {
            ("lag-answer wrong", "m-3 -3l6 6m0 -6l-6 6")
        } else {
            ("lag-answer stale", "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0")
        };
        let places = chart.answers_apart(&seen.answers, wrong).into_iter();
        let d: String = places.map(|x| format!("M{x:.1} {y:.1}{shape}")).collect();
        view! { <path class=class d=d></path> }
    };
    view! {
        {lines.into_iter().map(line).collect_view()}
        {above}
        {mark(false)}
        {mark(true)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sim::oracle::lags::LagSample;

    use super::{Micros, Staleness, beside};

    #[test]
    fn keys_go_from_sample_to_sample_and_stop_at_the_ends() {
        let sample = |n: u64| LagSample { at: Micros::from_secs(n), ..LagSample::default() };
        let seen = Staleness { samples: (0..30).map(sample).collect(), ..Staleness::default() };
        let to = |key| beside(&seen, Micros::from_millis(4_500), key).map(|at| at.0 / 1_000_000);
        assert_eq!([to("ArrowLeft"), to("ArrowRight"), to("PageUp")], [Some(3), Some(5), Some(14)]);
        assert_eq!([to("PageDown"), to("Home"), to("End"), to("x")], [Some(0), Some(0), Some(29), None]);
    }
}
