//! What is marked on a part: faults that act on it, protections at work there, and what it keeps waiting.

use leptos::prelude::*;
use sim::view::stage::{Mark, MarkKind};

use super::geometry::Rect;
use super::nodes::{SQUEEZE, fit};

/// About how broad a letter is.
const LETTER: f64 = 5.5;
/// What a pill needs beside its words for its round ends, and what its sign needs before them.
const ENDS: f64 = 15.0;
const SIGN: f64 = 13.0;

/// The marks of a part, as one pill on the lower edge of its box. Its kind is told by a sign before the words, unless they
/// are whole only without it.
pub fn pill(marks: &[Mark], rect: &Rect) -> Option<AnyView> {
    let first = marks.first()?;
    let (class, sign) = match first.kind {
        MarkKind::Fault => ("mark fault", "M4 -4.500l4.500 8.500h-9z"),
        MarkKind::Guard => ("mark guard", "M4 -5l4.500 1.500v3.500q0 3.500 -4.500 5q-4.500 -1.500 -4.500 -5v-3.500z"),
        MarkKind::Waiting => ("mark waiting", "M1 -4.500v9M4 -4.500v9M7 -4.500v9"),
    };
    let words = marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join(" · ");
    let room = rect.w - ENDS;
    let before = if leaves_room_for_sign(&words, room) { SIGN } else { 0.0 };
    let room = room - before;
    let text = fit(&words, room * SQUEEZE, LETTER);
    let broad = breadth(&text);
    let length = (broad > room).then_some(room);
    let wide = broad.min(room) + before + ENDS;
    let place = format!("translate({:.1} {:.1})", rect.x + 3.0, rect.bottom() - 5.0);
    Some(
        view! {
            <g class=class transform=place>
                <rect class="mark-box" x="0" y="-9" width=wide height="18" rx="9"></rect>
                {(before > 0.0).then(|| view! { <path class="mark-sign" d=sign transform="translate(7 0)"></path> })}
                <text class="mark-word" x=7.0 + before y="4.200" textLength=length lengthAdjust="spacingAndGlyphs">{text}</text>
            </g>
        }
        .into_any(),
    )
}

fn breadth(words: &str) -> f64 {
    words.chars().count() as f64 * LETTER
}

/// Is a pill with a sign as good as one without: are the words whole beside it, or too long for either?
fn leaves_room_for_sign(words: &str, room: f64) -> bool {
    let broad = breadth(words);
    broad <= (room - SIGN) * SQUEEZE || broad > room * SQUEEZE
}

#[cfg(test)]
mod tests {
    use super::leaves_room_for_sign;

    #[test]
    fn words_that_are_whole_only_without_a_sign_have_none() {
        let words = "until 12.00 s";
        assert_eq!([80.0, 70.0, 50.0].map(|room| leaves_room_for_sign(words, room)), [true, false, true]);
    }
}
