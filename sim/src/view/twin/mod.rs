//! Two runs of the same traffic side by side: where their ledgers, their promises and their parts differ.
//!
//! The run is called A and its twin B. Which options differ is the caller's to know; here it is read off two labs at one
//! moment what came of that.

mod ledgers;
mod parts;

pub use self::ledgers::{TwinLedger, TwinRow, TwinSide, TwinValues, twin_ledger};
pub use self::parts::{PartDifference, differing_parts};

use crate::view::verdict::{Verdict, VerdictStatus};

/// One invariant in both runs; a run whose design has no use for it does not judge it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwinVerdict {
    /// Its machine name.
    pub name: &'static str,
    /// Its short title.
    pub title: &'static str,
    /// What it promises, in one sentence.
    pub promise: &'static str,
    /// How it stands in A.
    pub a: Option<Verdict>,
    /// How it stands in B.
    pub b: Option<Verdict>,
}

impl TwinVerdict {
    /// Does it stand otherwise in the two runs?
    pub fn differs(&self) -> bool {
        let key = |verdict: &Option<Verdict>| {
            verdict.as_ref().map(|verdict| {
                let counted = verdict.status == VerdictStatus::Broken;
                (verdict.status, if counted { verdict.count } else { 0 })
            })
        };
        key(&self.a) != key(&self.b)
    }

    /// The worse of the two.
    pub fn worst(&self) -> VerdictStatus {
        let rank = |verdict: &&Verdict| match verdict.status {
            VerdictStatus::Holds => 0,
            VerdictStatus::AtRisk => 1,
            VerdictStatus::Broken => 2,
        };
        self.a.iter().chain(&self.b).max_by_key(rank).map_or(VerdictStatus::Holds, |verdict| verdict.status)
    }
}

/// How a promise stands, in a word or two, such as `broken 3 times`.
pub fn stand(verdict: Option<&Verdict>) -> String {
    match verdict {
        None => "not judged".to_owned(),
        Some(verdict) => match (verdict.status, verdict.count) {
            (VerdictStatus::Holds, _) => "holds".to_owned(),
            (VerdictStatus::AtRisk, _) => "at risk".to_owned(),
            (VerdictStatus::Broken, 0 | 1) => "broken".to_owned(),
            (VerdictStatus::Broken, count) => format!("broken {count} times"),
        },
    }
}

/// The invariants of both runs, in the order of A's; those that only B judges come last.
pub fn twin_verdicts(a: &[Verdict], b: &[Verdict]) -> Vec<TwinVerdict> {
    let named = |list: &[Verdict], name| list.iter().find(|verdict| verdict.name == name).cloned();
    let only_b = b.iter().filter(|verdict| a.iter().all(|other| other.name != verdict.name));
    a.iter()
        .chain(only_b)
        .map(|verdict| TwinVerdict {
            name: verdict.name,
            title: verdict.title,
            promise: verdict.promise,
            a: named(a, verdict.name),
            b: named(b, verdict.name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, VerdictStatus, stand, twin_verdicts};

    fn verdict(name: &'static str, status: VerdictStatus, count: u64) -> Verdict {
        let text = name.to_owned();
        Verdict { name, kind: "always", title: name, promise: "", status, text, count, first: None }
    }

    #[test]
    fn promises_are_compared_by_name() {
        let a = [verdict("once", VerdictStatus::Broken, 3), verdict("true", VerdictStatus::Holds, 0)];
        let b = [verdict("true", VerdictStatus::Holds, 0), verdict("once", VerdictStatus::Holds, 0)];
        let both = twin_verdicts(&a, &b);
        assert_eq!(
            both.iter().map(|one| (one.name, one.differs())).collect::<Vec<_>>(),
            [("once", true), ("true", false)]
        );
        assert_eq!(both[0].worst(), VerdictStatus::Broken);
        assert_eq!([&both[0].a, &both[0].b].map(|one| stand(one.as_ref())), ["broken 3 times", "holds"]);
    }

    #[test]
    fn a_promise_that_one_run_does_not_judge_is_there_all_the_same() {
        let both = twin_verdicts(&[], &[verdict("money", VerdictStatus::AtRisk, 2)]);
        assert_eq!([&both[0].a, &both[0].b].map(|one| stand(one.as_ref())), ["not judged", "at risk"]);
        assert!(both[0].differs());
    }

    #[test]
    fn a_count_of_what_may_still_mend_is_no_difference() {
        let (a, b) = ([verdict("true", VerdictStatus::AtRisk, 2)], [verdict("true", VerdictStatus::AtRisk, 1)]);
        assert!(!twin_verdicts(&a, &b)[0].differs());
        let (a, b) = ([verdict("once", VerdictStatus::Broken, 2)], [verdict("once", VerdictStatus::Broken, 1)]);
        assert!(twin_verdicts(&a, &b)[0].differs());
    }
}
