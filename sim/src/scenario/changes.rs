//! What a person changed in the options, in words for the log. The trace knows only that something was changed; the recording
//! knows what.

use crate::system::options::Options;
use crate::system::trace::{Entry, Trace, What};
use crate::view::log::LogLine;

use super::difference::{Difference, between};
use super::difference_words::told;
use super::machine::Change;
use super::recording::Recording;

/// How many options a line names at most.
const NAMED_MAX: usize = 3;

/// Says in the lines of a part of the trace of this recording's run, which begins at `start`, what was changed. Such a line is
/// rare, so the rest costs nothing.
pub fn name_changes(recording: &Recording, trace: Trace<'_>, start: usize, lines: &mut [LogLine]) {
    let changed = |entry: &Entry| matches!(entry.what, What::OptionsChanged);
    let shown = trace.part(start..start + lines.len());
    for (index, (entry, line)) in shown.iter().zip(lines).enumerate() {
        if changed(&entry) {
            let same_step = trace.part(..start + index).iter().rev().take_while(|one| one.step == entry.step);
            let before = same_step.filter(changed).count();
            line.text = change_at(recording, u64::from(entry.step), before).unwrap_or_else(|| line.text.clone());
        }
    }
}

/// The change of the options at a step, after so many others there, in words.
fn change_at(recording: &Recording, step: u64, before: usize) -> Option<String> {
    let begun = &recording.scenario.options;
    let mut was = Asked { wanted: begun, acting: begun.clone() };
    let mut left = before;
    for timed in &recording.changes {
        let Change::Options(options) = &timed.change else { continue };
        let is = was.then(options);
        if timed.after_step == step {
            if left == 0 {
                return Some(sentence(&was, &is));
            }
            left -= 1;
        }
        was = is;
    }
    None
}

/// What somebody has asked for, and what of it acts: what the run was laid out for waits until it is played anew.
struct Asked<'a> {
    wanted: &'a Options,
    acting: Options,
}

impl Asked<'_> {
    /// After somebody has asked for something else.
    fn then<'b>(&self, wanted: &'b Options) -> Asked<'b> {
        let mut acting = wanted.clone();
        acting.keep_layout(&self.acting);
        Asked { wanted, acting }
    }
}

fn sentence(was: &Asked<'_>, is: &Asked<'_>) -> String {
    let acts = between(&was.acting, &is.acting);
    // What was asked for before waits already.
    let mut waits = between(&is.acting, is.wanted);
    let news = between(was.wanted, is.wanted);
    waits.retain(|one| news.iter().any(|new| new.path == one.path));
    match (named(&was.acting, &acts), named(&is.acting, &waits)) {
        (None, None) => "you changed the options".to_owned(),
        (Some(acts), None) => format!("you changed {acts}"),
        (None, Some(waits)) => format!("you asked for {waits}: that waits for a replay"),
        (Some(acts), Some(waits)) => format!("you changed {acts}; {waits} waits for a replay"),
    }
}

/// The differences in words, if there are any; of many only the first.
fn named(was: &Options, differences: &[Difference]) -> Option<String> {
    let all = told(was, differences);
    let named: Vec<String> =
        all.iter().take(NAMED_MAX).map(|one| format!("{} from {} to {}", one.name, one.a, one.b)).collect();
    match (named.len(), all.len() - named.len()) {
        (0, _) => None,
        (_, 0) => Some(named.join(", and ")),
        (_, more) => Some(format!("{}, and {more} more", named.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use crate::system::options::{Idempotency, Options};

    use super::{Asked, sentence};

    /// What is said of the last of these, which were asked for one after another.
    fn said(all: &[&Options]) -> String {
        let mut was = Asked { wanted: all[0], acting: all[0].clone() };
        let (last, before) = all[1..].split_last().expect("something is asked for");
        for options in before {
            was = was.then(options);
        }
        sentence(&was, &was.then(last))
    }

    #[test]
    fn a_change_says_what_from_what_and_to_what() {
        let was = Options::default();
        let mut is = was.clone();
        is.projections.order_view.idempotency = Idempotency::ProcessedEvents;
        assert_eq!(said(&[&was, &is]), "you changed order view idempotency from none to processed events");
        is.broker.retention = Some(4);
        let both = said(&[&was, &is]);
        assert!(both.contains("broker retention from none to 4, and order view"), "{both}");
        assert_eq!(said(&[&was, &was]), "you changed the options");
    }

    #[test]
    fn what_a_run_is_laid_out_for_is_said_to_wait_until_it_is_played_anew() {
        let was = Options::default();
        let mut four = was.clone();
        four.broker.partitions = 4;
        let waits = "you asked for broker partitions from 2 to 4: that waits for a replay";
        assert_eq!(said(&[&was, &four]), waits);
        let mut more = four.clone();
        more.projections.order_view.idempotency = Idempotency::ProcessedEvents;
        let changed = "you changed order view idempotency from none to processed events";
        assert_eq!(said(&[&was, &four, &more]), changed, "it waits already");
        assert_eq!(said(&[&was, &more]), format!("{changed}; broker partitions from 2 to 4 waits for a replay"));
    }
}
