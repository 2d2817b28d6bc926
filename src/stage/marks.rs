//! What is marked on a part: faults that act on it, protections at work there, and what it keeps waiting.

use leptos::prelude::*;
use sim::view::stage::{Mark, MarkKind};

use super::geometry::Rect;
use super::nodes::{SQUEEZE, fit};

/// About how broad a letter is.
const LETTER: f64 = 5.5;
/// What a pill needs beside its words: room for the sign, and its round ends.
const BESIDE_WORDS: f64 = 28.0;

/// The marks of a part, as one pill on the lower edge of its box. Its kind is told by a sign before the words.
pub fn pill(marks: &[Mark], rect: &Rect) -> Option<AnyView> {
    let first = marks.first()?;
    let (class, sign) = match first.kind {
        MarkKind::Fault => ("mark fault", "M4 -4.500l4.500 8.500h-9z"),
        MarkKind::Guard => ("mark guard", "M4 -5l4.500 1.500v3.500q0 3.500 -4.500 5q-4.500 -1.500 -4.500 -5v-3.500z"),
        MarkKind::Waiting => ("mark waiting", "M1 -4.500v9M4 -4.500v9M7 -4.500v9"),
    };
    let words = marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join(" · ");
    let room = rect.w - BESIDE_WORDS;
    let text = fit(&words, room * SQUEEZE, LETTER);
    let broad = text.chars().count() as f64 * LETTER;
    let length = (broad > room).then_some(room);
    let wide = broad.min(room) + BESIDE_WORDS;
    let place = format!("translate({:.1} {:.1})", rect.x + 3.0, rect.bottom() - 5.0);
    Some(
        view! {
            <g class=class transform=place>
                <rect class="mark-box" x="0" y="-9" width=wide height="18" rx="9"></rect>
                <path class="mark-sign" d=sign transform="translate(7 0)"></path>
                <text class="mark-word" x="20" y="4.200" textLength=length lengthAdjust="spacingAndGlyphs">{text}</text>
            </g>
        }
        .into_any(),
    )
}
