//! What the keys do. Every pointer action has one.

use crate::intent::Intent;
use crate::stage::camera::STEP;

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyAct {
    /// Something of the run.
    Run(Intent),
    /// The stage is enlarged or made smaller by this factor.
    Zoom(f64),
    /// All of the stage.
    WholeStage,
    /// The list of keys.
    Help,
}

/// What the focus is on, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Something that takes text.
    Text,
    /// Something that has its own use for the arrows: a slider, radio buttons, a list.
    Arrows,
    /// Something that Space presses.
    Pressable,
    /// Nothing of the kind.
    Elsewhere,
}

/// The list of keys, for people.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "play or pause"),
    (".", "pause, for a clicker"),
    ("← →", "one step back, one step on"),
    ("Shift ← →", "to the fault, broken promise or changed verdict before or after"),
    ("Home End", "to the beginning, to the end"),
    ("+ − 0", "zoom the stage in, out, and to all of it"),
    ("Ctrl Z", "undo"),
    ("Ctrl Shift Z", "redo"),
    ("Tab", "to the next control; Enter or Space uses it"),
    ("Enter", "on a part, a link or a message: what can be done to it"),
    ("Esc", "let go of it"),
    ("?", "this list"),
];

/// What `key` means, given the modifiers and where the focus is.
pub fn act(key: &str, shift: bool, command: bool, focus: Focus) -> Option<KeyAct> {
    if focus == Focus::Text {
        return None;
    }
    let run = |intent| Some(KeyAct::Run(intent));
    if command {
        return match (key, shift) {
            ("z" | "Z", false) => run(Intent::Undo),
            ("z" | "Z", true) | ("y", false) => run(Intent::Redo),
            _ => None,
        };
    }
    let arrows_taken = focus == Focus::Arrows;
    match key {
        "?" => Some(KeyAct::Help),
        "+" | "=" => Some(KeyAct::Zoom(STEP)),
        "-" => Some(KeyAct::Zoom(1.0 / STEP)),
        "0" => Some(KeyAct::WholeStage),
        "." => run(Intent::Pause),
        " " if focus == Focus::Elsewhere => run(Intent::TogglePlay),
        "ArrowLeft" if shift && !arrows_taken => run(Intent::PreviousMark),
        "ArrowRight" if shift && !arrows_taken => run(Intent::NextMark),
        "ArrowLeft" if !arrows_taken => run(Intent::StepBack),
        "ArrowRight" if !arrows_taken => run(Intent::StepForward),
        "Home" if !arrows_taken => run(Intent::First),
        "End" if !arrows_taken => run(Intent::Last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Focus, Intent, KeyAct, act};

    #[test]
    fn keys_do_what_the_list_says() {
        let run = |intent| Some(KeyAct::Run(intent));
        assert_eq!(act(" ", false, false, Focus::Elsewhere), run(Intent::TogglePlay));
        assert_eq!(act("ArrowRight", true, false, Focus::Elsewhere), run(Intent::NextMark));
        assert_eq!(act("Z", true, true, Focus::Pressable), run(Intent::Redo));
        assert_eq!(act("0", false, false, Focus::Elsewhere), Some(KeyAct::WholeStage));
        assert_eq!(act("?", true, false, Focus::Pressable), Some(KeyAct::Help));
    }

    #[test]
    fn keys_leave_controls_their_own() {
        assert_eq!(act(" ", false, false, Focus::Pressable), None);
        assert_eq!(act("ArrowLeft", false, false, Focus::Arrows), None);
        assert_eq!(act("z", false, true, Focus::Text), None);
        assert_eq!(act("c", false, true, Focus::Elsewhere), None);
    }
}
