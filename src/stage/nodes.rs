//! The parts of the system as boxes: a name, one or two lines on how it is, and a mood in colour, pattern and word.

use leptos::ev;
use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::stage::{Mood, Node};

use super::card::sentence;
use super::geometry::Rect;
use super::gestures::act;
use super::layout::Layout;
use super::marks::pill;
use super::pick::Picked;
use crate::desk::Desk;

/// The average width of a letter in a line.
const LETTER: f64 = 6.1;
/// How much longer than its room a line may be, and still be drawn closer together instead of being cut.
pub const SQUEEZE: f64 = 1.18;

/// Every part, at its place.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let is_box = |place: Place| !matches!(place, Place::Partition(_) | Place::Queue(_) | Place::Broker);
    let places = Memo::new(move |_| {
        layout.with(|layout| layout.places().map(|(place, _)| place).filter(|one| is_box(*one)).collect::<Vec<_>>())
    });
    view! {
        <g>
            <For each=move || places.get() key=|place| *place children=move |place| node(desk, layout, place) />
        </g>
    }
    .into_any()
}

fn node(desk: Desk, layout: Memo<Layout>, place: Place) -> AnyView {
    let node = Memo::new(move |_| desk.stage.with(|stage| stage.nodes.iter().find(|one| one.place == place).cloned()));
    let label = move || node.with(|node| node.as_ref().map(spoken).unwrap_or_default());
    let press = move |event: ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            act(desk, Some(Picked::Part(place)));
        }
    };
    let rect = Memo::new(move |_| layout.with(|layout| layout.rect(place)).unwrap_or_default());
    // What is pressed lies over what is seen, and has no words of its own: those on the box are shortened, its name is not.
    view! {
        <g class="part">
            <g aria-hidden="true">{move || drawn(place, node, rect.get())}</g>
            <rect
                class="part-press"
                tabindex="0"
                role="button"
                aria-label=label
                x=move || rect.get().x
                y=move || rect.get().y
                width=move || rect.get().w
                height=move || rect.get().h
                rx="8"
                on:keydown=press
            ></rect>
        </g>
    }
    .into_any()
}

/// A part in one sentence, as it is heard.
fn spoken(node: &Node) -> String {
    let (_, word) = mood(node.mood);
    let state = (!word.is_empty()).then(|| word.to_owned());
    let said: Vec<String> =
        state.into_iter().chain(node.lines.iter().cloned()).chain(node.marks.iter().map(sentence)).collect();
    format!("{}: {}", node.title, said.join(", "))
}

/// The class that gives a part its hue.
const fn hue(place: Place) -> &'static str {
    match place {
        Place::Handler | Place::Replica(_) => "command",
        Place::Orders | Place::Owner(_) => "aggregate",
        Place::Outbox | Place::OwnerOutbox(_) | Place::Broker | Place::Partition(_) | Place::Queue(_) => "event",
        Place::ReadModel(_) | Place::Second(_) | Place::ReadReplica(_) | Place::Cache => "read",
        Place::Saga => "policy",
        Place::Payments => "outside",
        Place::Shopper | Place::BackOffice | Place::Gateway | Place::Projector(..) | Place::Edge(_) => "plain",
        Place::QueryClients | Place::QueryApi => "plain",
    }
}

/// The class and the word of a mood.
const fn mood(mood: Mood) -> (&'static str, &'static str) {
    match mood {
        Mood::Fine => ("", ""),
        Mood::Stale => (" stale", "stale"),
        Mood::Wrong => (" wrong", "wrong"),
        Mood::Down => (" down", "down"),
        Mood::Paused => (" paused", "paused"),
    }
}

/// The measures of a box, which say what it has room for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Room {
    rect: Rect,
    /// Is there room for a few letters only?
    cramped: bool,
    /// What stays free on the left and on the right of words.
    pad: f64,
}

impl Room {
    fn of(rect: Rect) -> Self {
        Self { rect, cramped: rect.w < 60.0, pad: if rect.w < 110.0 { 7.0 } else { 10.0 } }
    }

    fn for_words(&self) -> f64 {
        self.rect.w - 2.0 * self.pad
    }

    /// How far below the upper edge the name stands: in the middle of a box without lines.
    fn title(&self, has_lines: bool) -> f64 {
        if has_lines { (self.rect.h * 0.31).clamp(16.0, 22.0) } else { self.rect.h / 2.0 + 4.5 }
    }

    /// Where the line of this number stands, from 0.
    fn line(&self, number: usize) -> f64 {
        let apart = if self.rect.h < 70.0 { 14.0 } else { 15.5 };
        self.rect.y + self.title(true) + 15.5 + apart * number as f64
    }
}

/// A part in a box. Most of what happens to it changes a word, and only that word is drawn anew.
fn drawn(place: Place, node: Memo<Option<Node>>, rect: Rect) -> AnyView {
    let room = Room::of(rect);
    let class =
        move || node.with(|node| format!("node {}{}", hue(place), node.as_ref().map_or("", |node| mood(node.mood).0)));
    let lines = Memo::new(move |_| node.with(|node| node.as_ref().map(|node| lines(node, &room)).unwrap_or_default()));
    let count = Memo::new(move |_| lines.with(Vec::len));
    let title = Memo::new(move |_| node.with(|node| node.as_ref().map(|node| node.title.clone()).unwrap_or_default()));
    let word = Memo::new(move |_| node.with(|node| node.as_ref().map_or("", |node| mood(node.mood).1)));
    // How a service is, is said once: by the tag of its outbox. Over its store the name of the service stands.
    let has_tag = !room.cramped && rect.h >= 34.0 && !matches!(place, Place::Owner(_));
    let tagged = move || Some(word.get()).filter(|word| has_tag && !word.is_empty());
    let marks = Memo::new(move |_| node.with(|node| node.as_ref().map(|node| node.marks.clone()).unwrap_or_default()));
    let line = move |number: usize| {
        let class = if number == 0 { "node-line first" } else { "node-line" };
        let text = Memo::new(move |_| lines.with(|lines| lines.get(number).cloned().unwrap_or_default()));
        let wide = room.for_words();
        let length = move || text.with(|text| (width(text) > wide).then_some(wide));
        view! {
            <text class=class x=rect.x + room.pad y=room.line(number) textLength=length lengthAdjust="spacingAndGlyphs">
                {text}
            </text>
        }
    };
    view! {
        <g class=class>
            <rect class="node-box" x=rect.x y=rect.y width=rect.w height=rect.h rx="8"></rect>
            <rect class="node-hatch" x=rect.x y=rect.y width=rect.w height=rect.h rx="8"></rect>
            {move || title.with(|title| heading(title, &room, count.get() > 0))}
            <For each=move || 0..count.get() key=|number| *number children=line />
            {move || tagged().map(|word| tag(word, &rect))}
            {move || (!room.cramped).then(|| marks.with(|all| pill(all, &rect)))}
        </g>
    }
    .into_any()
}

/// The name of a part. One that is a little too long is drawn closer together instead of being cut.
fn heading(title: &str, room: &Room, has_lines: bool) -> AnyView {
    let wide = room.for_words();
    let squeezed = !room.cramped && (wide..wide * 1.25).contains(&(title.chars().count() as f64 * 6.9));
    let text = match () {
        () if room.cramped => initials(title),
        () if squeezed => title.to_owned(),
        () => fit(title, wide, 6.9),
    };
    let (length, adjust) = if squeezed { (Some(wide), Some("spacingAndGlyphs")) } else { (None, None) };
    let (x, y) = (room.rect.x + if room.cramped { 5.0 } else { room.pad }, room.rect.y + room.title(has_lines));
    view! { <text class="node-title" x=x y=y textLength=length lengthAdjust=adjust>{text}</text> }.into_any()
}

/// The lines of a box that it has room for. Where there is room for one, all are said in it.
fn lines(node: &Node, room: &Room) -> Vec<String> {
    let marked = !node.marks.is_empty();
    let fitting = match room.rect.h {
        _ if room.cramped => 0,
        h if h < 36.0 => 0,
        h if h < 52.0 => 1,
        h if h < 74.0 => 2,
        h if h < 100.0 => 3,
        _ => 4,
    };
    // The marks take the room of the last line.
    let fitting = if marked && (1..4).contains(&fitting) { fitting - 1 } else { fitting };
    let joined = node.lines.join(", ");
    let wide = room.for_words();
    if fitting == 1 && width(&joined) <= wide * SQUEEZE {
        return vec![joined];
    }
    let lines: Vec<String> = node.lines.iter().flat_map(|line| wrapped(line, wide)).collect();
    let by_words: Vec<String> = lines.iter().flat_map(|line| broken(line, wide)).collect();
    let lines = if by_words.len() <= fitting { by_words } else { lines };
    lines.into_iter().take(fitting).map(|line| fit(&line, wide * SQUEEZE, LETTER)).collect()
}

/// About how broad a line is.
fn width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

/// The word of a mood, as a tag on the upper edge of the box.
fn tag(word: &'static str, rect: &Rect) -> AnyView {
    let width = 14.0 + word.len() as f64 * 6.9;
    let left = rect.right() - width - 8.0;
    // In a low box the name stands so high that the tag makes room for it: beside the name, if the box is long enough.
    let y = match rect.h {
        h if h >= 60.0 => rect.y,
        _ if rect.w >= 150.0 => rect.y + 11.0,
        _ => rect.y - 4.0,
    };
    view! {
        <rect class="tag-box" x=left y=y - 8.5 width=width height="17" rx="8.5"></rect>
        <text class="tag-word" x=left + width / 2.0 y=y + 4.3>{word}</text>
    }
    .into_any()
}

/// A line that is too long breaks after its first comma.
fn wrapped(line: &str, width: f64) -> Vec<String> {
    match line.split_once(", ") {
        Some((head, tail)) if self::width(line) > width => vec![head.to_owned(), tail.to_owned()],
        _ => vec![line.to_owned()],
    }
}

/// A line that is too long by more than can be squeezed breaks between two words.
fn broken(line: &str, width: f64) -> Vec<String> {
    let fits = |head: &&(usize, &str)| self::width(&line[..head.0]) <= width;
    let breaks: Vec<(usize, &str)> = line.match_indices(' ').collect();
    match breaks.iter().rev().find(fits) {
        Some((at, _)) if self::width(line) > width * SQUEEZE => vec![line[..*at].to_owned(), line[at + 1..].to_owned()],
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
    use super::{broken, fit, initials, wrapped};

    #[test]
    fn shortens_only_what_does_not_fit() {
        assert_eq!(fit("truth $4,099.18", 90.0, 6.0), "truth $4,099.18");
        assert_eq!(fit("truth $4,099.18", 60.0, 6.0), "truth $4,…");
        assert_eq!(wrapped("2 events behind, 1.02 s", 102.0), ["2 events behind", "1.02 s"]);
        assert_eq!(broken("1,501 events behind", 94.0), ["1,501 events", "behind"]);
        assert_eq!(broken("499 in its queue", 88.0), ["499 in its queue"]);
        assert_eq!(initials("Projector 2"), "P2");
    }
}
