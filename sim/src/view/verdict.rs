//! A verdict: how one invariant stands, in words and figures.

use crate::kernel::time::Micros;
use crate::oracle::lab::Breaches;
use crate::system::place::Reader;

use super::words::clock;

pub use crate::oracle::standing::Standing as VerdictStatus;

/// The state of one invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its machine name, as in `lab run --json`.
    pub name: &'static str,
    /// `always` or `eventually`.
    pub kind: &'static str,
    /// Its short title.
    pub title: &'static str,
    /// What it promises, in one sentence.
    pub promise: &'static str,
    /// How it stands.
    pub status: VerdictStatus,
    /// Title and state in a few words, such as `Exactly once: broken at 12.41 s`.
    pub text: String,
    /// How often it was broken, or how many cells put it at risk.
    pub count: u64,
    /// The step (events processed) and the time at which it was first broken.
    pub first: Option<(u64, Micros)>,
}

/// What was broken by anybody.
pub(super) fn merged(all: [Breaches; Reader::ALL.len()]) -> Breaches {
    let first = all.iter().filter_map(|breaches| breaches.first).min();
    Breaches { count: all.iter().map(|breaches| breaches.count).sum(), first }
}

/// The verdict on a promise that must always hold.
pub(super) fn always(name: &'static str, title: &'static str, promise: &'static str, breaches: Breaches) -> Verdict {
    let status = if breaches.count == 0 { VerdictStatus::Holds } else { VerdictStatus::Broken };
    let text = match breaches.first {
        None => title.to_owned(),
        Some((_, at)) => format!("{title}: broken at {}", clock(at)),
    };
    let first = breaches.first.map(|(step, at)| (u64::from(step), at));
    Verdict { name, kind: "always", title, promise, status, text, count: breaches.count, first }
}
