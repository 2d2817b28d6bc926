//! What a person changed in the options, in words for the log. The trace knows only that something was changed; the recording
//! knows what.

use crate::system::options::Options;
use crate::system::trace::{Entry, Trace, What};
use crate::view::log::LogLine;

use super::difference::between;
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
    let mut was = &recording.scenario.options;
    let mut left = before;
    for timed in &recording.changes {
        let Change::Options(options) = &timed.change else { continue };
        if timed.after_step == step {
            if left == 0 {
                return Some(sentence(was, options));
            }
            left -= 1;
        }
        was = options;
    }
    None
}

fn sentence(was: &Options, is: &Options) -> String {
    let all = told(was, &between(was, is));
    let named: Vec<String> =
        all.iter().take(NAMED_MAX).map(|one| format!("{} from {} to {}", one.name, one.a, one.b)).collect();
    match (named.len(), all.len() - named.len()) {
        (0, _) => "you changed the options".to_owned(),
        (_, 0) => format!("you changed {}", named.join(", and ")),
        (_, more) => format!("you changed {}, and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::system::options::{Idempotency, Options};

    use super::sentence;

    #[test]
    fn a_change_says_what_from_what_and_to_what() {
        let was = Options::default();
        let mut is = was.clone();
        is.projections.order_view.idempotency = Idempotency::ProcessedEvents;
        assert_eq!(sentence(&was, &is), "you changed order view idempotency from none to processed events");
        is.broker.partitions = 4;
        assert!(
            sentence(&was, &is).contains("broker partitions from 2 to 4, and order view"),
            "{}",
            sentence(&was, &is)
        );
        assert_eq!(sentence(&was, &was), "you changed the options");
    }
}
