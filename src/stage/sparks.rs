//! What has just happened, shown for a moment where it happened: an event goes in, goes in twice, or bounces off.

use leptos::prelude::*;
use sim::view::stage::{Spark, SparkKind};

use super::geometry::{Axis, Point, Rect};
use super::layout::Layout;
use crate::desk::Desk;
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
        SparkKind::AppliedAgain => ("spark applied-again", "counted again"),
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
        SparkKind::Held | SparkKind::Crashed => Pose { at: along(0.0, 0.0), opacity: 1.0 - age * age },
    }
}

/// The layer of sparks.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let sparks = Memo::new(move |_| {
        desk.snapshot.with(|snapshot| {
            let placed = snapshot
                .sparks
                .iter()
                .filter_map(|spark| Some((spark.clone(), layout.with(|layout| layout.rect(spark.place))?)));
            placed.collect::<Vec<_>>()
        })
    });
    let key = |(spark, rect): &(Spark, Rect)| {
        (spark.at.0, spark.event.map(|event| event.0), spark.attempt, rect.x.to_bits(), rect.y.to_bits())
    };
    view! {
        <g class="sparks">
            <For each=move || sparks.get() key=key children=move |(spark, rect)| spark_view(desk, layout, &spark, rect) />
        </g>
    }
    .into_any()
}

fn spark_view(desk: Desk, layout: Memo<Layout>, spark: &Spark, rect: Rect) -> AnyView {
    let (class, word) = look(spark.kind);
    let (kind, at) = (spark.kind, spark.at);
    let axis = layout.with_untracked(Layout::axis);
    let moment = move || {
        let life = spark_life(desk.speed.get()).0.max(1) as f64;
        let age = desk.clock.get().since(at).0 as f64 / life;
        // Nothing moves for somebody who asked for that; it only appears and goes.
        (if desk.still.get() { 0.0 } else { age.min(1.0) }, age <= 1.0 && desk.clock.get() >= at)
    };
    let place = move || {
        let at = pose(kind, &rect, axis, moment().0).at;
        format!("translate({:.1} {:.1})", at.x, at.y)
    };
    let opacity = move || {
        let (age, alive) = moment();
        if alive { format!("{:.2}", pose(kind, &rect, axis, age).opacity) } else { "0".to_owned() }
    };
    let name = spark.event.map(|event| event.to_string()).unwrap_or_default();
    let width = 13.0 + 6.6 * name.chars().count() as f64;
    let again = kind == SparkKind::AppliedAgain;
    // What went in twice is said in the box that is wrong now; other words travel with their event.
    let (word, told) = if again { ("", word) } else { (word, "") };
    let ring = again.then(|| {
        view! {
            <g opacity=opacity>
                <rect class="ring" x=rect.x - 4.0 y=rect.y - 4.0 width=rect.w + 8.0 height=rect.h + 8.0 rx="11"></rect>
                <text class="spark-word" x=rect.centre().x y=rect.bottom() - 8.0>{told}</text>
            </g>
        }
    });
    view! {
        <g class=class>
            {ring}
            <g transform=place opacity=opacity>
                <rect class="spark-box" x=-width / 2.0 y="-9.5" width=width height="19" rx="5.5"></rect>
                <text class="message-name" y="4">{name}</text>
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
