//! The parts of the system as boxes: a name, one or two lines on how it is, and a mood in colour, pattern and word.

use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::stage::{Mood, Node, Stage};

use super::geometry::Rect;
use super::layout::Layout;

/// The average width of a letter in a line.
const LETTER: f64 = 5.7;

/// Every part, at its place.
pub fn view(stage: &Stage, layout: &Layout) -> AnyView {
    let nodes = stage.nodes.iter().filter_map(|node| Some(part(node, &layout.rect(node.place)?))).collect_view();
    view! { <g>{nodes}</g> }.into_any()
}

/// The class that gives a part its hue.
const fn hue(place: Place) -> &'static str {
    match place {
        Place::Handler | Place::Replica(_) => "command",
        Place::Orders | Place::Owner(_) => "aggregate",
        Place::Outbox | Place::Broker | Place::Partition(_) => "event",
        Place::ReadModel(_) => "read",
        Place::Saga => "policy",
        Place::Payments => "outside",
        Place::Shopper | Place::Gateway | Place::Projector(..) => "plain",
    }
}

/// The class and the word of a mood.
const fn mood(mood: Mood) -> (&'static str, &'static str) {
    match mood {
        Mood::Fine => ("", ""),
        Mood::Stale => (" stale", "stale"),
        Mood::Wrong => (" wrong", "wrong"),
        Mood::Down => (" down", "down"),
    }
}

fn part(node: &Node, rect: &Rect) -> AnyView {
    const PAD: f64 = 10.0;
    let (mood_class, word) = mood(node.mood);
    let class = format!("node {}{mood_class}", hue(node.place));
    // Many instances share the room of one: what does not fit is left out rather than drawn over its neighbour.
    let lines_max = match rect.h {
        h if h < 34.0 => 0,
        h if h < 56.0 => 1,
        h if h < 74.0 => 2,
        h if h < 100.0 => 3,
        _ => 4,
    };
    let cramped = rect.w < 60.0;
    let title = if cramped { initials(&node.title) } else { fit(&node.title, rect.w - 2.0 * PAD, 6.7) };
    let title_y = if lines_max == 0 || rect.w < 60.0 { rect.h / 2.0 + 4.5 } else { 22.0 };
    let room = rect.w - 2.0 * PAD;
    let lines = node
        .lines
        .iter()
        .flat_map(|line| wrapped(line, room))
        .take(if rect.w < 60.0 { 0 } else { lines_max })
        .enumerate()
        .map(|(n, line)| {
            let y = rect.y + 39.0 + 16.0 * n as f64;
            let class = if n == 0 { "node-line first" } else { "node-line" };
            view! { <text class=class x=rect.x + PAD y=y>{fit(&line, room, LETTER)}</text> }
        })
        .collect_view();
    let tooltip = format!("{}: {}", node.title, node.lines.join(", "));
    view! {
        <g class=class>
            <title>{tooltip}</title>
            <rect class="node-box" x=rect.x y=rect.y width=rect.w height=rect.h rx="8"></rect>
            <rect class="node-hatch" x=rect.x y=rect.y width=rect.w height=rect.h rx="8"></rect>
            <text class="node-title" x=rect.x + if cramped { 5.0 } else { PAD } y=rect.y + title_y>{title}</text>
            {lines}
            {(!word.is_empty() && !cramped && rect.h >= 34.0).then(|| tag(word, rect))}
        </g>
    }
    .into_any()
}

/// The word of a mood, as a tag on the upper edge of the box.
fn tag(word: &'static str, rect: &Rect) -> AnyView {
    let width = 14.0 + word.len() as f64 * 6.1;
    let left = rect.right() - width - 8.0;
    view! {
        <rect class="tag-box" x=left y=rect.y - 8.5 width=width height="17" rx="8.5"></rect>
        <text class="tag-word" x=left + width / 2.0 y=rect.y + 4.0>{word}</text>
    }
    .into_any()
}

/// A line that is too long breaks after its first comma.
fn wrapped(line: &str, width: f64) -> Vec<String> {
    match line.split_once(", ") {
        Some((head, tail)) if line.chars().count() as f64 * LETTER > width => vec![head.to_owned(), tail.to_owned()],
        _ => vec![line.to_owned()],
    }
}

/// As much of `text` as fits into `width` when a letter takes `letter` on average.
pub fn fit(text: &str, width: f64, letter: f64) -> String {
    // Pictures only: nothing depends on the exact count.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let room = (width / letter).max(1.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// `P2` for `Projector 2`.
fn initials(title: &str) -> String {
    title.split(' ').filter_map(|word| word.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::{fit, initials, wrapped};

    #[test]
    fn shortens_only_what_does_not_fit() {
        assert_eq!(fit("truth $4,099.18", 90.0, 6.0), "truth $4,099.18");
        assert_eq!(fit("truth $4,099.18", 60.0, 6.0), "truth $4,…");
        assert_eq!(wrapped("2 events behind, 1.02 s", 102.0), ["2 events behind", "1.02 s"]);
        assert_eq!(initials("Projector 2"), "P2");
    }
}
