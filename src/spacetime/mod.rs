//! Space-time: a lane for each part, an arrow for each message. Overtaking is a crossing, a second delivery is dashed.

pub mod arrows;

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::system::place::Model;
use sim::view::words::clock;

use self::arrows::{Arrow, Cargo, Dot, Lane, Spacetime};
use crate::desk::Desk;
use crate::snapshot::Selection;
use crate::speed::Speed;
use crate::stage::movers::{Movers, set};

/// The measures of the picture, in units of its view box.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sheet {
    width: f64,
    height: f64,
    /// Where the lanes begin: left of it stand their names.
    left: f64,
    /// Where now is.
    now: f64,
    /// Units for each virtual second.
    per_second: f64,
    lanes: usize,
}

/// The height of the row of moments under the lanes.
const AXIS: f64 = 16.0;
/// How broad a letter of a message's name is.
const LETTER: f64 = 7.0;
/// Units for each real second: a message is seen moving at the same pace at every speed.
const PACE: f64 = 120.0;

impl Sheet {
    fn new(narrow: bool, speed: Speed, partitions: u8) -> Self {
        let (width, height) = if narrow { (390.0, 330.0) } else { (800.0, 148.0) };
        let virtual_seconds = speed.virtual_micros(1_000_000).unwrap_or(16_000_000) as f64 / 1e6;
        let per_second = PACE / virtual_seconds;
        Self { width, height, left: 100.0, now: width - 46.0, per_second, lanes: 4 + usize::from(partitions) }
    }

    /// The height of a lane.
    fn y(&self, lane: Lane, partitions: u8) -> f64 {
        let row = match lane {
            Lane::Shoppers => 0,
            Lane::OrderService => 1,
            Lane::Partition(n) => 2 + usize::from(n),
            Lane::Projection(model) => 2 + usize::from(partitions) + model.index().min(1),
        };
        (row as f64 + 0.6) * (self.height - AXIS) / self.lanes as f64
    }

    /// The place of a moment, counted from the start of the run.
    fn x(&self, at: Micros) -> f64 {
        at.as_secs() * self.per_second
    }

    /// The round moments in sight at `clock`, close enough that at least two are seen, in milliseconds.
    fn moments(&self, clock: Micros) -> Vec<u64> {
        const CLOSEST: f64 = 96.0;
        let steps = (0..8).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
        let wide = |step: &u64| self.x(Micros::from_millis(*step)) >= CLOSEST;
        let step = steps.into_iter().find(wide).unwrap_or(u64::from(u32::MAX));
        let first = clock.since(self.reach()).as_millis() / step;
        (first..=clock.as_millis() / step).map(|n| n * step).collect()
    }

    /// How much of the past is in sight.
    fn reach(&self) -> Micros {
        // A width in seconds is far below what a whole number holds.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Micros(((self.now - self.left) / self.per_second * 1e6) as u64)
    }

    fn shift(&self, clock: Micros) -> String {
        format!("translate({:.1} 0)", self.now - self.x(clock))
    }
}

/// How much of the past is in sight at a speed, at most: what a snapshot has to hold.
pub fn reach(speed: Speed) -> Micros {
    Sheet::new(false, speed, 1).reach()
}

/// The picture.
pub fn view(desk: Desk) -> AnyView {
    let seen = Memo::new(move |_| desk.snapshot.with(|snapshot| snapshot.spacetime.clone()));
    let sheet = Memo::new(move |_| {
        let partitions = seen.with(|seen| seen.as_ref().map_or(1, |seen| seen.partitions));
        Sheet::new(desk.narrow.get(), desk.speed.get(), partitions)
    });
    let movers = Movers::new(desk);
    let node: NodeRef<leptos::svg::G> = NodeRef::new();
    movers.add(move |clock| {
        if let Some(node) = node.get_untracked() {
            set(&node, "transform", &sheet.with_untracked(|sheet| sheet.shift(clock)));
        }
    });
    let moving = move || {
        let selection = desk.selection.get();
        sheet.with(|sheet| seen.with(|seen| seen.as_ref().map(|seen| content(desk, sheet, seen, selection))))
    };
    let lanes =
        move || sheet.with(|sheet| seen.with(|seen| seen.as_ref().map(|seen| lanes_view(sheet, seen.partitions))));
    let moments = Memo::new(move |_| sheet.with(|sheet| sheet.moments(desk.clock.get())));
    let axis = move || sheet.with(|sheet| moments.with(|moments| axis_view(sheet, moments)));
    let size = move || sheet.with(|sheet| format!("0 0 {} {}", sheet.width, sheet.height));
    let clip = move || sheet.with(|sheet| (sheet.now - sheet.left).to_string());
    let start = sheet.get_untracked().shift(desk.clock.get_untracked());
    view! {
        <svg class="spacetime" viewBox=size role="img" aria-label="Messages between the parts over time. The log tells the same in words.">
            <clipPath id="past">
                <rect x=move || sheet.with(|sheet| sheet.left) y="0" width=clip height="1000"></rect>
            </clipPath>
            {lanes}
            <g clip-path="url(#past)">
                <g transform=start node_ref=node>{axis}{moving}</g>
            </g>
            <path class="now-line" d=move || sheet.with(|sheet| format!("M{0} 2V{1}", sheet.now, sheet.height - AXIS))></path>
        </svg>
    }
    .into_any()
}

fn lanes_view(sheet: &Sheet, partitions: u8) -> AnyView {
    let mut lanes = vec![(Lane::Shoppers, "shoppers".to_owned()), (Lane::OrderService, "order service".to_owned())];
    lanes.extend((0..partitions).map(|n| (Lane::Partition(n), format!("partition {n}"))));
    lanes.extend(Model::ALWAYS.map(|model| {
        let name = if model == Model::OrderView { "order view" } else { "dashboard" };
        (Lane::Projection(model), name.to_owned())
    }));
    lanes
        .into_iter()
        .map(|(lane, name)| {
            let y = sheet.y(lane, partitions);
            view! {
                <path class="lane" d=format!("M{} {y}H{}", sheet.left, sheet.width)></path>
                <text class="lane-name" x="2" y=y + 3.5>{name}</text>
            }
        })
        .collect_view()
        .into_any()
}

/// The round moments under the lanes.
fn axis_view(sheet: &Sheet, moments: &[u64]) -> AnyView {
    let moment = |at: &u64| {
        let at = Micros::from_millis(*at);
        let x = sheet.x(at);
        view! {
            <path class="moment" d=format!("M{x:.1} 4V{}", sheet.height - AXIS)></path>
            <text class="moment-name" x=x y=sheet.height - 3.0>{clock(at)}</text>
        }
    };
    moments.iter().map(moment).collect_view().into_any()
}

fn content(desk: Desk, sheet: &Sheet, seen: &Spacetime, selection: Option<Selection>) -> AnyView {
    let y = |lane| sheet.y(lane, seen.partitions);
    let downs = seen.downs.iter().map(|(lane, since, until)| {
        let (x, y, width) = (sheet.x(*since), y(*lane) - 6.0, sheet.x(*until) - sheet.x(*since));
        view! {
            <rect class="down-bar" x=x y=y width=width.max(2.0) height="12" rx="3"></rect>
            <text class="down-word" x=x + 5.0 y=y + 9.5>"down"</text>
        }
    });
    let dots = seen.dots.iter().map(|(lane, at, dot)| {
        let class = match dot {
            Dot::Applied => "dot applied",
            Dot::Skipped => "dot skipped",
            Dot::Broken => "dot broken",
        };
        let (x, y) = (sheet.x(*at), y(*lane));
        let shape = if *dot == Dot::Broken {
            format!("M{} {}l8 8m0 -8l-8 8", x - 4.0, y - 4.0)
        } else {
            format!("M{} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", x - 3.0)
        };
        view! { <path class=class d=shape></path> }
    });
    view! {
        {downs.collect_view()}
        {seen.arrows.iter().map(|arrow| arrow_view(desk, sheet, seen.partitions, arrow, selection)).collect_view()}
        {dots.collect_view()}
    }
    .into_any()
}

fn arrow_view(desk: Desk, sheet: &Sheet, partitions: u8, arrow: &Arrow, selection: Option<Selection>) -> AnyView {
    let (x1, y1) = (sheet.x(arrow.from.1), sheet.y(arrow.from.0, partitions));
    let (mut x2, mut y2) = (sheet.x(arrow.to.1), sheet.y(arrow.to.0, partitions));
    if arrow.lost {
        (x2, y2) = ((x1 + x2) / 2.0, (y1 + y2) / 2.0);
    }
    let (hue, label, event) = match arrow.cargo {
        Cargo::Command(id) => ("command", id.to_string(), None),
        Cargo::Answer(_) => ("answer", String::new(), None),
        Cargo::Event(id) => ("event", id.to_string(), Some(id)),
    };
    let lit = event.is_some() && selection.is_some_and(|one| one.event == event);
    let class = format!(
        "arrow {hue}{}{}{}",
        if arrow.again { " again" } else { "" },
        if arrow.lost { " lost" } else { "" },
        if lit { " selected" } else { "" }
    );
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    // The head is two strokes back from the tip; a lost message ends in a cross instead.
    let head = if arrow.lost {
        format!("M{:.1} {:.1}l7 7m0 -7l-7 7", x2 - 3.5, y2 - 3.5)
    } else {
        let side = |way: f64| (x2 - 7.0 * ux - way * 3.2 * uy, y2 - 7.0 * uy + way * 3.2 * ux);
        let (left, right) = (side(1.0), side(-1.0));
        format!("M{:.1} {:.1}L{x2:.1} {y2:.1}L{:.1} {:.1}", left.0, left.1, right.0, right.1)
    };
    // A name that would reach beyond now would be cut there: until then it stands before the start of its arrow.
    let (sheet, end) = (*sheet, x1 + dx * 0.5 + 4.0 + LETTER * label.len() as f64);
    let has_passed = Memo::new(move |_| end <= sheet.x(desk.clock.get()));
    let place = move || {
        if has_passed.get() { ("start", x1 + dx * 0.5 + 4.0, y1 + dy * 0.5 - 3.0) } else { ("end", x1 - 4.0, y1 - 4.0) }
    };
    let select = move |_| {
        if let Some(event) = event {
            desk.select_event(event);
        }
    };
    view! {
        <g class=class on:pointerdown=select>
            <path class="shaft" d=format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}")></path>
            <path class="head-of" d=head></path>
            <text x=move || place().1 y=move || place().2 text-anchor=move || place().0>{label}</text>
        </g>
    }
    .into_any()
}
