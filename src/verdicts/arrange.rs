//! Which chips have room: what is broken or at risk comes first, and what has no room in two rows is folded away.

use sim::view::verdict::{Verdict, VerdictStatus};

/// Rows of chips at most: the stage below needs the room.
const ROWS: usize = 2;
/// The chip that unfolds the rest, in pixels.
const FOLD_PX: f64 = 128.0;

/// How wide things are in the row of chips, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// The room in one row.
    pub room: f64,
    /// A chip without its words.
    pub frame: f64,
    /// One letter.
    pub letter: f64,
    /// Between two chips.
    pub gap: f64,
}

/// The places of the verdicts that have a chip, and of those that are folded away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arranged {
    /// In the order in which they are shown.
    pub shown: Vec<&'static str>,
    /// Behind the last chip.
    pub folded: Vec<&'static str>,
}

/// Arranges verdicts whose chips say `words`.
pub fn arrange(verdicts: &[Verdict], words: impl Fn(&Verdict) -> String, measures: Measures) -> Arranged {
    let rank = |verdict: &Verdict| match verdict.status {
        VerdictStatus::Broken => 0,
        VerdictStatus::AtRisk => 1,
        VerdictStatus::Holds => 2,
    };
    let mut order: Vec<&Verdict> = verdicts.iter().collect();
    order.sort_by_key(|verdict| rank(verdict));
    let width = |verdict: &Verdict| {
        // A letter more or less decides about a whole row, so it is rounded up.
        (measures.frame + measures.letter * words(verdict).chars().count() as f64 + 1.0).min(measures.room)
    };
    let widths: Vec<f64> = order.iter().map(|verdict| width(verdict)).collect();
    let names: Vec<&'static str> = order.iter().map(|verdict| verdict.name).collect();
    let fits = |count: usize| {
        let fold = (count < widths.len()).then_some(FOLD_PX);
        rows(widths[..count].iter().copied().chain(fold), measures) <= ROWS
    };
    // With no room at all the worst still shows.
    let count = (1..=widths.len()).rev().find(|count| fits(*count)).unwrap_or(1).min(widths.len());
    Arranged { shown: names[..count].to_vec(), folded: names[count..].to_vec() }
}

/// How many rows chips of these widths fill.
fn rows(widths: impl Iterator<Item = f64>, measures: Measures) -> usize {
    let mut rows = 1;
    let mut used = 0.0;
    for width in widths {
        if used > 0.0 && used + measures.gap + width > measures.room {
            rows += 1;
            used = width;
        } else {
            used += width + if used > 0.0 { measures.gap } else { 0.0 };
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{Measures, Verdict, VerdictStatus, arrange};

    const ROOM: Measures = Measures { room: 370.0, frame: 30.0, letter: 10.0, gap: 8.0 };

    fn verdict(name: &'static str, status: VerdictStatus) -> Verdict {
        let text = name.to_owned();
        Verdict { name, kind: "always", title: name, promise: "", status, text, count: 0, first: None }
    }

    #[test]
    fn broken_comes_first_and_what_has_no_room_is_folded() {
        let names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        let mut all: Vec<Verdict> = names.map(|name| verdict(name, VerdictStatus::Holds)).into();
        all[8].status = VerdictStatus::AtRisk;
        all[9].status = VerdictStatus::Broken;
        let arranged = arrange(&all, |verdict| verdict.text.clone(), ROOM);
        assert_eq!(arranged.shown[..3], ["ten", "nine", "one"]);
        assert_eq!(arranged.shown.len() + arranged.folded.len(), 10);
        assert_eq!(arranged.folded, ["seven", "eight"]);
        let roomy = Measures { room: 2_000.0, ..ROOM };
        assert!(arrange(&all, |verdict| verdict.text.clone(), roomy).folded.is_empty());
        let none = Measures { room: 10.0, ..ROOM };
        assert_eq!(arrange(&all, |verdict| verdict.text.clone(), none).shown, ["ten"]);
    }
}
