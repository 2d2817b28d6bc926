//! What has just happened, shown for a moment where it happened: an event goes in, goes in twice, or bounces off.

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::view::stage::{Spark, SparkKind};

use super::geometry::{Axis, Point, Rect};
use super::layout::Layout;
use super::messages::chip_width;
use super::movers::{Movers, set};
use crate::session::spark_life;

/// How a spark moves: where it is after a share of its life, and how plainly it is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pose {
    at: Point,
    opacity: f64,
}

/// The class and the word of a kind of spark.
const fn look(kind: SparkKind) -> (&'static str, &'static str) {
    match kind {
        SparkKind::Applied => ("spark applied", ""),
        SparkKind::AppliedAgain => ("spark applied-again", "made it wrong"),
        SparkKind::Skipped => ("spark skipped", "bounced off"),
        SparkKind::Held => ("spark held", "held back"),
        SparkKind::Crashed => ("spark crashed", "crash"),
    }
}

/// The pose of a spark at the box where it happens, after `age` of its life, 0 to 1.
fn pose(kind: SparkKind, rect: &Rect, axis: Axis, age: f64) -> Pose {
    const INTO: f64 = 26.0;
    const BACK: f64 = 60.0;
    // The way in: the middle of the side on which messages arrive, and the direction of travel.
    let (door, way) = match axis {
        Axis::X => (Point { x: rect.x, y: rect.centre().y }, Point { x: 1.0, y: 0.0 }),
        Axis::Y => (Point { x: rect.centre().x, y: rect.y }, Point { x: 0.0, y: 1.0 }),
    };
    let along =
        |by: f64, aside: f64| Point { x: door.x + way.x * by - way.y * aside, y: door.y + way.y * by + way.x * aside };
    match kind {
        SparkKind::Applied | SparkKind::AppliedAgain => {
            let gone = (age * 3.0).min(1.0);
            Pose {
                at: along(INTO * (gone - 1.0), 0.0),
                opacity: if kind == SparkKind::Applied { 1.0 - gone } else { 1.0 - age * age },
            }
        }
        SparkKind::Skipped => {
            // Back the way it came, slower and slower, and falling: as a ball does.
            let back = 1.0 - (1.0 - age) * (1.0 - age);
            Pose { at: along(-BACK * back, 44.0 * age * age), opacity: 1.0 - age * age * age }
        }
        SparkKind::Held | SparkKind::Crashed => Pose { at: along(-24.0, 0.0), opacity: 1.0 - age * age },
    }
}

/// More sparks than this at once tell nothing more.
const SPARKS_MAX: usize = 32;

/// The layer of sparks.
pub fn view(movers: Movers, layout: Memo<Layout>) -> AnyView {
    let desk = movers.desk();
    let sparks = Memo::new(move |_| {
        desk.sparks.with(|sparks| {
            let newest = &sparks[sparks.len().saturating_sub(SPARKS_MAX)..];
            let place = |spark: &Spark| layout.with(|layout| layout.rect(spark.place));
            newest.iter().filter_map(|spark| Some((spark.clone(), place(spark)?))).collect::<Vec<_>>()
        })
    });
    let key = |(spark, rect): &(Spark, Rect)| {
        (spark.at.0, spark.event.map(|event| event.0), spark.attempt, rect.x.to_bits(), rect.y.to_bits())
    };
    view! {
        <g class="sparks">
            <For
                each=move || sparks.get()
                key=key
                children=move |(spark, rect)| spark_view(movers, layout.with_untracked(Layout::axis), &spark, rect)
            />
        </g>
    }
    .into_any()
}

fn spark_view(movers: Movers, axis: Axis, spark: &Spark, rect: Rect) -> AnyView {
    let desk = movers.desk();
    let (class, word) = look(spark.kind);
    let (kind, at) = (spark.kind, spark.at);
    let again = kind == SparkKind::AppliedAgain;
    let (chip, ring): (NodeRef<leptos::svg::G>, NodeRef<leptos::svg::G>) = (NodeRef::new(), NodeRef::new());
    let pose_at = move |clock: Micros| {
        let life = spark_life(desk.speed.get_untracked()).0.max(1) as f64;
        let age = clock.since(at).0 as f64 / life;
        // Nothing moves for somebody who asked for that; it only appears and goes.
        let pose = pose(kind, &rect, axis, if desk.still.get_untracked() { 0.0 } else { age.min(1.0) });
        let opacity = if age <= 1.0 && clock >= at { pose.opacity } else { 0.0 };
        (format!("translate({:.1} {:.1})", pose.at.x, pose.at.y), format!("{opacity:.2}"))
    };
    let (place, opacity) = pose_at(desk.clock.get_untracked());
    movers.add(move |clock| {
        let (place, opacity) = pose_at(clock);
        if let Some(chip) = chip.get_untracked() {
            set(&chip, "transform", &place);
            set(&chip, "opacity", &opacity);
        }
        if let Some(ring) = ring.get_untracked() {
            set(&ring, "opacity", &opacity);
        }
    });
    let name = spark.event.map(|event| event.to_string()).unwrap_or_default();
    let width = chip_width(&name);
    // What went in twice is said in the box that is wrong now; other words travel with their event.
    let (word, told) = if again { ("", word) } else { (word, "") };
    let frame = again.then(|| {
        view! {
            <g opacity=opacity.clone() node_ref=ring>
                <rect class="ring" x=rect.x - 4.0 y=rect.y - 4.0 width=rect.w + 8.0 height=rect.h + 8.0 rx="11"></rect>
                <text class="spark-word" x=rect.centre().x y=rect.bottom() - 8.0>{told}</text>
            </g>
        }
    });
    view! {
        <g class=class>
            {frame}
            <g transform=place opacity=opacity node_ref=chip>
                <rect class="spark-box" x=-width / 2.0 y="-9.5" width=width height="19" rx="5.5"></rect>
                <text class="message-name" y="4.3">{name}</text>
                <text class="spark-word" y="24">{word}</text>
            </g>
        </g>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Axis, Rect, SparkKind, pose};

    #[test]
    fn a_skipped_copy_goes_back_and_an_applied_event_goes_in() {
        let rect = Rect::new(100.0, 100.0, 50.0, 40.0);
        let x = |kind, age| pose(kind, &rect, Axis::X, age).at.x;
        assert!(x(SparkKind::Skipped, 0.5) < x(SparkKind::Skipped, 0.0));
        assert!(x(SparkKind::Applied, 0.3) > x(SparkKind::Applied, 0.0));
        assert!(pose(SparkKind::Skipped, &rect, Axis::X, 1.0).opacity < 1e-9);
    }
}
