//! How far one reader of the log, or one copy of a read model, was behind, moment by moment: what a picture of it needs.

use crate::kernel::time::Micros;
use crate::oracle::alert::{AlertRule, Condition};
use crate::oracle::lags::{LagSample, Lags, LateAnswer, Whose};
use crate::oracle::objective::{Measure, Objective};
use crate::system::options::{Contract, Options};

/// Answers that are shown at most for each kind: more would lie on top of each other.
const ANSWERS_SHOWN: u64 = 240;

/// The lag of one reader or copy over the run, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staleness {
    /// Who can be looked at.
    pub readers: Vec<Whose>,
    /// Who is looked at; nobody where nobody takes part.
    pub reader: Option<Whose>,
    /// The virtual time between two samples.
    pub every: Micros,
    /// Up to when the run was read.
    pub until: Micros,
    /// Is there more of the trace to be read?
    pub more: bool,
    /// The samples, oldest first.
    pub samples: Vec<LagSample>,
    /// The answers from these rows that were stale or wrong, oldest first; at most one of a kind for each small stretch.
    pub answers: Vec<LateAnswer>,
    /// How many such answers there were: stale ones and wrong ones.
    pub late: (usize, usize),
    /// What the lag should stay below.
    pub limits: Vec<Limit>,
}

/// What a lag should stay below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it is called, and by whom it is set.
    pub name: String,
    /// How much.
    pub bound: Bound,
}

/// A lag, by time or by count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `projection_lag_seconds`.
    Lag(Micros),
    /// `projection_lag_events`.
    Events(u32),
}

impl Staleness {
    /// How one reader stands in what was read; the first one where the wanted one does not take part.
    pub fn of(lags: &Lags, wanted: Option<Whose>, limits: impl Fn(Whose) -> Vec<Limit>) -> Self {
        let readers: Vec<Whose> = lags.all().collect();
        let reader = wanted.filter(|wanted| readers.contains(wanted)).or_else(|| readers.first().copied());
        let rows = reader.and_then(|whose| Some((whose.reader().keeps()?, whose.keeper())));
        let mine = || lags.late_answers().iter().filter(|answer| Some((answer.model, answer.keeper)) == rows);
        let wrong = mine().filter(|answer| answer.wrong).count();
        Self {
            reader,
            every: lags.every(),
            until: lags.until(),
            more: false,
            samples: reader.map(|reader| lags.samples(reader)).unwrap_or_default(),
            answers: thinned(mine(), lags.until()),
            late: (mine().count() - wrong, wrong),
            limits: reader.map(limits).unwrap_or_default(),
            readers,
        }
    }

    /// The sample at a moment: the last one that was taken before it was over.
    pub fn at(&self, moment: Micros) -> Option<&LagSample> {
        let after = self.samples.partition_point(|sample| sample.at <= moment);
        self.samples.get(after.saturating_sub(1))
    }
}

/// Everything that says how far a reader may be behind: objectives, alert rules, and the bound of the contract. Objectives
/// and rules are about readers of the log; what a copy shows has to keep to the contract only.
pub fn limits(objectives: &[Objective], rules: &[AlertRule], options: &Options, whose: Whose) -> Vec<Limit> {
    let (reader, follows_log) = (whose.reader(), matches!(whose, Whose::Reader(_)));
    let objectives = objectives.iter().filter(|one| one.measures == Measure::Visibility && one.reader == reader);
    let objectives = objectives.filter(|_| follows_log).map(|one| Limit {
        name: format!("objective: {} within {}", one.target, one.within),
        bound: Bound::Lag(one.within),
    });
    let watched = |rule: &&AlertRule| rule.reader.map_or(reader.keeps().is_some(), |watched| watched == reader);
    let rules = rules.iter().filter(|_| follows_log).filter(watched).filter_map(|rule| {
        let word = rule.severity.name();
        match rule.when {
            Condition::LagAbove(bound) => Some((format!("{word} above {bound}"), Bound::Lag(bound))),
            Condition::LagEventsAbove(bound) => Some((format!("{word} above {bound} events"), Bound::Events(bound))),
            _ => None,
        }
    });
    let rules = rules.map(|(name, bound)| Limit { name, bound });
    let contract = match options.queries.consistency.contract {
        Contract::BoundedStaleness { bound, .. } if reader.keeps().is_some() && options.queries.are_asked() => {
            Some(Limit { name: format!("staleness bound {bound}"), bound: Bound::Lag(bound) })
        }
        _ => None,
    };
    let mut limits: Vec<Limit> = objectives.chain(contract).chain(rules).collect();
    // Two rules for one bound, of which one has to last longer, are one line.
    let mut seen = Vec::new();
    limits.retain(|limit| {
        let new = !seen.contains(&limit.bound);
        seen.push(limit.bound);
        new
    });
    limits
}

/// At most one answer of each kind for each small stretch of the run.
fn thinned<'a>(answers: impl Iterator<Item = &'a LateAnswer>, until: Micros) -> Vec<LateAnswer> {
    let width = until.0 / ANSWERS_SHOWN + 1;
    let mut last = [None; 2];
    let shown = answers.filter(|answer| {
        let stretch = Some(answer.at.0 / width);
        last[usize::from(answer.wrong)] != stretch && {
            last[usize::from(answer.wrong)] = stretch;
            true
        }
    });
    shown.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::{Bound, LateAnswer, Micros, Options, Whose, limits, thinned};
    use crate::oracle::{alert, objective};
    use crate::system::place::{Model, Reader};
    use crate::system::queries::keeper::Keeper;

    #[test]
    fn a_stretch_of_the_run_has_one_answer_of_a_kind() {
        let (model, keeper) = (Model::OrderView, Keeper::Primary);
        let answer = |ms, wrong| LateAnswer { at: Micros::from_millis(ms), model, keeper, wrong };
        let answers = [answer(0, false), answer(1, false), answer(2, true), answer(900_000, false)];
        let shown = thinned(answers.iter(), Micros::from_secs(1_000));
        assert_eq!(shown, [answers[0], answers[2], answers[3]]);
    }

    #[test]
    fn a_bound_is_one_line_and_stands_where_it_is_meant() {
        let of = |reader| {
            let all = limits(&objective::usual(), &alert::usual(), &Options::default(), Whose::Reader(reader));
            all.into_iter().map(|limit| limit.bound).collect::<Vec<_>>()
        };
        let seconds = |n| Bound::Lag(Micros::from_secs(n));
        assert_eq!(of(Reader::Projection(Model::OrderView)), [seconds(3), seconds(60), seconds(10)]);
        assert_eq!(of(Reader::Projection(Model::SalesDashboard)), [seconds(60), seconds(10)]);
        assert_eq!(of(Reader::Saga), []);
    }
}
