//! What the page is shown of a session: values made from the machine at one moment.

use std::sync::Arc;

use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::changes::name_changes;
use sim::scenario::export;
use sim::view::breaches::breaches;
use sim::view::grasp::{Grasp, Thing, grasp, held};
use sim::view::holders::Spot;
use sim::view::ledger::{Ledger, LedgerQuery, ledger};
use sim::view::log::{after, lines};
use sim::view::moments::Wanted;
use sim::view::sending::{Domain, Sent, answer, answer_to, domain};
use sim::view::stage::{Flight, SparkKind, Stage, flights, sparks, sparks_on, stage};
use sim::view::timeline::{Mark, Turned};
use sim::view::twin::{TwinLedger, differing_parts, twin_ledger, twin_verdicts};
use sim::view::verdict::{Verdict, VerdictStatus};
use sim::view::verdicts::verdicts;
use sim::view::why::why_at_length;

use super::Session;
use super::twin::{Side, Twin};
use crate::snapshot::{LogWindow, Moving, RunFacts, Selection, Snapshot, Twinned};
use crate::spacetime::arrows::{Spacetime, spacetime};
use crate::spacetime::reach;
use crate::speed::Speed;
use crate::stage::crowd::Crowd;

/// How many lines of the log are shown at most: at rest; while time runs and nobody could read more; and while the moment is
/// dragged, when all of them are others with every frame.
const LOG_LINES_AT_REST: usize = 200;
const LOG_LINES_RUNNING: usize = 24;
const LOG_LINES_DRAGGED: usize = 16;
/// Ticks of each kind on the transport at most.
const BINS: u64 = 240;
/// For how long, in real time, a spark is seen.
const SPARK_REAL_MICROS: u64 = 1_400_000;

/// What a person wants to see besides the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Which rows of the ledger.
    pub query: LedgerQuery,
    /// The cell whose story is told, and who has it.
    pub spot: Option<Spot>,
    /// How many steps of its story are told at most.
    pub steps: usize,
    /// In which of two runs that cell is.
    pub side: Side,
    /// Which rows of the compared ledgers, while there is a twin.
    pub compared: LedgerQuery,
    /// Is space-time looked at?
    pub spacetime: bool,
    /// Is the moment being dragged, so that it is passed by rather than read?
    pub passing: bool,
    /// The thing in hand, and for how long what is done to it shall last.
    pub thing: Option<(Thing, Micros)>,
}

/// For how long, in virtual time, a spark is seen at a speed: slow motion shows it as long as full speed.
pub fn spark_life(speed: Speed) -> Micros {
    Micros(speed.virtual_micros(SPARK_REAL_MICROS).unwrap_or(SPARK_REAL_MICROS))
}

impl Session {
    /// What moves in the picture of a run, of which `last` was shown before and need only be moved on.
    pub fn moving(&self, side: Side, last: Option<&Moving>) -> Moving {
        let run = self.side(side);
        let is_flood = |flights: &[Flight]| Crowd::of(flights.len()) == Crowd::Flood;
        let flights = match last.filter(|last| is_flood(&last.flights)) {
            // A flow says how many there are, which is no news with every frame.
            Some(last) => Arc::clone(&last.flights),
            None => Arc::new(flights(run.lab())),
        };
        let past = run.history().past();
        let since = Micros(self.clock().0.saturating_sub(spark_life(self.speed()).0));
        let (seen, read) = last.map_or((&[][..], 0), |last| (&**last.sparks, last.read));
        // What was read of the past is not read again. Who went back reads anew.
        let mut sparks = match past.len().checked_sub(read) {
            Some(_) if read > 0 => sparks_on(seen, past.part(read..), since),
            _ => sparks(past, since),
        };
        if is_flood(&flights) {
            // Where messages are too many to be seen one by one, their arrivals are, too.
            sparks.retain(|spark| spark.kind != SparkKind::Applied);
        }
        Moving { flights, sparks: Arc::new(sparks), read: past.len() }
    }

    /// What moves in the picture of a moment that is passed by. What has just happened there is seen where one lingers.
    pub fn passing(&self, side: Side) -> Moving {
        Moving { flights: Arc::new(flights(self.side(side).lab())), ..Moving::default() }
    }

    /// The picture and the verdicts of a moment that is passed by, and everything else as it was read last.
    pub fn passed_by(&self, last: &Snapshot) -> Snapshot {
        let lab = self.run().lab();
        let (stage, verdicts) = (stage(lab), worth_a_chip(lab));
        let twin = self.twin().map(|twin| {
            let ledger = last.twin.as_ref().map(|twin| Arc::clone(&twin.ledger)).unwrap_or_default();
            Arc::new(Self::compared(twin, (&stage, &verdicts), ledger))
        });
        Snapshot { stage: Arc::new(stage), verdicts: Arc::new(verdicts), twin, ..last.clone() }
    }

    /// What is to be read of the moment.
    pub fn snapshot(&self, asked: &Asked) -> Snapshot {
        let history = self.run().history();
        let (lab, past) = (self.run().lab(), history.past());
        let (stage, verdicts) = (stage(lab), worth_a_chip(lab));
        let twin = self.twin().map(|twin| {
            let ledger = twin_ledger(lab, twin.run().lab(), &asked.compared);
            Arc::new(Self::compared(twin, (&stage, &verdicts), Arc::new(ledger)))
        });
        Snapshot {
            stage: Arc::new(stage),
            verdicts: Arc::new(verdicts),
            // Beside a twin the compared ledgers take its place.
            ledger: Arc::new(if twin.is_some() { Ledger::default() } else { ledger(lab, &asked.query) }),
            why: asked.spot.map(|spot| Arc::new(why_at_length(self.side(asked.side).history(), spot, asked.steps))),
            grasp: asked.thing.and_then(|(thing, lasts)| self.grasp(thing, lasts)).map(Arc::new),
            twin,
            held: Arc::new(held(lab)),
            answer: self.sent.map(|(since, sent)| {
                // Where one looks at a moment before, nothing has come of it yet.
                let since = after(past, since.saturating_sub(1));
                let answer = match sent {
                    Sent::Command(command) => answer(lab, since, command),
                    Sent::Query(query) => answer_to(lab, since, query),
                };
                (sent, answer)
            }),
            spacetime: asked.spacetime.then(|| Arc::new(self.spacetime())),
            log: Arc::new(self.log(past.len(), asked.passing)),
        }
    }

    /// The lines of the log up to the end of so many entries of the trace.
    fn log(&self, end: usize, passing: bool) -> LogWindow {
        let history = self.run().history();
        let at_most = match (passing, self.is_moving()) {
            (true, _) => LOG_LINES_DRAGGED,
            (false, true) => LOG_LINES_RUNNING,
            (false, false) => LOG_LINES_AT_REST,
        };
        let start = end.saturating_sub(at_most);
        let mut lines = lines(history.frontier(), history.trace(), start..end);
        name_changes(self.run().recording(), history.trace(), start, &mut lines);
        LogWindow { lines, earlier: start }
    }

    /// The messages around the moment: from a while before what is in sight, for their beginnings, to a while after the
    /// moment, for the ends of those in the air.
    fn spacetime(&self) -> Spacetime {
        let (trace, now) = (self.run().history().trace(), self.run().clock());
        let reach = reach(self.speed());
        let start = Micros(now.0.saturating_sub(2 * reach.0));
        let from = trace.partition_point(|entry| entry.at < start);
        let to = trace.partition_point(|entry| entry.at <= now + reach);
        // A run that goes on keeps its partitions: those of the lab's own options.
        spacetime(trace.part(from..to), self.run().lab().world().options().broker.partitions)
    }

    /// The whole answer to a question to the ledger, as a table in a file.
    pub fn ledger_csv(&self, query: &LedgerQuery) -> String {
        let all = LedgerQuery { from: 0, limit: usize::MAX, ..query.clone() };
        export::ledger(&ledger(self.run().lab(), &all))
    }

    /// The latest moments at which a promise was broken, newest first.
    pub fn breaches(&self, name: &str, most: usize) -> Vec<Mark> {
        let history = self.run().history();
        breaches(history.frontier(), history.past(), name, most)
    }

    /// A thing in hand. Only one of two runs may have it; what is done to it is done in both.
    fn grasp(&self, thing: Thing, lasts: Micros) -> Option<Grasp> {
        let in_twin = || self.twin().and_then(|twin| grasp(twin.run().lab(), thing, lasts));
        grasp(self.run().lab(), thing, lasts).or_else(in_twin)
    }

    /// What is shown of the twin, and of how it differs from the run, of which the stage and the verdicts are known.
    fn compared(twin: &Twin, run: (&Stage, &[Verdict]), ledger: Arc<TwinLedger>) -> Twinned {
        let lab = twin.run().lab();
        let paths: Vec<&str> = twin.plan().differences.iter().map(|one| one.path.as_str()).collect();
        let stage = stage(lab);
        Twinned {
            parts: Arc::new(differing_parts(run.0, &stage, &paths)),
            stage: Arc::new(stage),
            verdicts: Arc::new(twin_verdicts(run.1, &worth_a_chip(lab))),
            ledger,
        }
    }

    /// What the transport shows of the whole run; of two runs, the faults of the first, and the broken promises and changed
    /// verdicts of both.
    pub fn facts(&self) -> RunFacts {
        let history = self.run().history();
        let mut timeline = self.run().marks(BINS);
        if let Some(twin) = self.twin() {
            let named = |side: Side, mark: Mark| Mark { text: format!("{}: {}", side.letter(), mark.text), ..mark };
            let in_b = twin.run().marks(BINS);
            let broken = timeline.broken.into_iter().map(|mark| named(Side::A, mark));
            timeline.broken = broken.chain(in_b.broken.into_iter().map(|mark| named(Side::B, mark))).collect();
            timeline.broken.sort_by_key(|mark| mark.at);
            let in_side = |side: Side, one: Turned| Turned { mark: named(side, one.mark), ..one };
            let turned = timeline.turned.into_iter().map(|one| in_side(Side::A, one));
            timeline.turned = turned.chain(in_b.turned.into_iter().map(|one| in_side(Side::B, one))).collect();
            timeline.turned.sort_by_key(|one| one.mark.at);
        }
        RunFacts {
            known: self.time_known(),
            steps_known: history.steps_known(),
            complete: self.is_complete(),
            timeline: Arc::new(timeline),
        }
    }

    /// What there is to send commands to.
    pub fn domain(&self) -> Domain {
        domain(self.run().lab())
    }

    /// When something happened to what is selected.
    pub fn moments_of(&self, selection: Selection) -> Vec<Micros> {
        let Selection { of, event } = selection;
        self.run().moments_of(Wanted { of, event })
    }
}

/// The verdicts that have a chip. That nothing is stuck goes without saying.
fn worth_a_chip(lab: &Lab) -> Vec<Verdict> {
    let mut verdicts = verdicts(lab);
    verdicts.retain(|verdict| verdict.name != "nothing_stuck" || verdict.status != VerdictStatus::Holds);
    verdicts
}

#[cfg(test)]
mod tests;
