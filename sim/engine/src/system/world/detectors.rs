//! The search for drift (MISSION D10) [seed 004]: detectors look at the read models, and what they find is told, raises an alarm,
//! and may pause and rebuild the model.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::consumer::target::Target as _;
use crate::system::detection::{Detection, Detector, DetectorTask, Finding};
use crate::system::fate::{FateKey, Purpose, Subject};
use crate::system::following::{is_synchronous, takes_part, topics};
use crate::system::hands::{Hand, RowAct};
use crate::system::options::Detectors;
use crate::system::place::{Model, Reader, TopicName};
use crate::system::query_side::comparison::Comparison;
use crate::system::query_side::reference::{Code, Reference};
use crate::system::task::Task;
use crate::system::trace::{Entry, What};
use crate::system::versions::Stage;

use super::World;

/// How many findings of one look are told.
const TOLD_MAX: usize = 5;

/// What is under way in the search for drift.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    guards: [Option<Box<Guard>>; 6],
    plans: [[Plan; Detector::ALL.len()]; 6],
    /// How many of the plans on the agenda are those of detectors: where there are no others, nothing more will happen.
    planned: usize,
}

/// What a model is compared with.
#[derive(Clone, Debug)]
struct Guard {
    /// What the write side has.
    source: Reference,
    /// What the projection's own code makes of that, for the version with this number.
    shadow: (u8, Reference),
}

/// What one detector does with one model.
#[derive(Clone, Debug, Default)]
struct Plan {
    /// Will it look again?
    is_planned: bool,
    /// About which version it has raised its alarm.
    alarmed: Option<Reader>,
    looks: u32,
    /// What it has found and not told yet.
    report: Option<Report>,
}

/// What a look has found.
#[derive(Clone, Debug)]
struct Report {
    reader: Reader,
    looked_at: Micros,
    compared: u32,
    left_out: u32,
    /// How many rows were read, on both sides.
    read: u32,
    findings: Vec<Finding>,
}

/// Which rows are in motion, so that nothing can be said about them.
struct Motion {
    every_row: bool,
    rows: BTreeSet<Aggregate>,
}

impl Motion {
    fn leaves_alone(&self, row: Option<Aggregate>) -> bool {
        !self.every_row && row.is_none_or(|of| !self.rows.contains(&of))
    }
}

impl World {
    /// Is the model served from? Where serving is paused, whoever asks is turned away.
    pub fn serves(&self, model: Model) -> bool {
        !self.versions(model).is_paused()
    }

    /// Plans a look for each detector that is there and has none planned.
    pub(super) fn plan_looks(&mut self) {
        for model in Model::ALL {
            let serving = self.versions(model).serving();
            if !takes_part(&self.options, serving) {
                continue;
            }
            for detector in Detector::ALL {
                let every = self.detectors(model).and_then(|settings| detector.every(settings));
                let plan = &mut self.search.plans[model.index()][detector.index()];
                if let (Some(every), false) = (every, plan.is_planned) {
                    plan.is_planned = true;
                    self.plan_detector(self.now + every, DetectorTask::Look(model, detector));
                }
            }
        }
    }

    fn plan_detector(&mut self, due: Micros, task: DetectorTask) {
        self.search.planned += 1;
        self.agenda.add(due, Task::Detector(task));
    }

    fn detectors(&self, model: Model) -> Option<&Detectors> {
        self.options.consumer(Reader::Projection(model)).detectors.as_deref()
    }

    /// Does what was planned for a detector.
    pub(super) fn detector_task(&mut self, task: DetectorTask, entries: &mut Vec<Entry>) {
        self.search.planned -= 1;
        match task {
            DetectorTask::Look(model, detector) => self.look(model, detector, entries),
            DetectorTask::Tell(model, detector) => self.tell(model, detector, entries),
        }
    }

    fn look(&mut self, model: Model, detector: Detector, entries: &mut Vec<Entry>) {
        let reader = self.versions(model).serving();
        let settings = self.detectors(model).filter(|settings| detector.every(settings).is_some()).cloned();
        let plan = &mut self.search.plans[model.index()][detector.index()];
        let Some(settings) = settings.filter(|_| takes_part(&self.options, reader)) else {
            // It was switched off since, and so was its alarm.
            if core::mem::take(plan).alarmed.is_some() {
                self.detected(Detection::Cleared { reader, detector }, entries);
            }
            return;
        };
        plan.looks += 1;
        let report = match detector {
            Detector::Lag => self.look_at_positions(reader, settings.lag.unwrap_or_default().bound),
            _ => self.look_at_rows(model, reader, detector, &settings),
        };
        let known = self.now + Micros(settings.row_cost.0.saturating_mul(u64::from(report.read)));
        self.search.plans[model.index()][detector.index()].report = Some(report);
        self.plan_detector(known, DetectorTask::Tell(model, detector));
    }

    fn look_at_positions(&self, reader: Reader, bound: Micros) -> Report {
        let group = self.reader(reader).group();
        let partitions = group.partitions().filter(|_| !is_synchronous(&self.options, reader));
        let mut report = self.nothing_found(reader);
        for partition in partitions {
            report.compared += 1;
            let next = group.saved(partition, &self.log, &self.options).max(self.log.first(partition));
            let age = self.log.at(partition, next).map(|event| self.now.since(self.store.event(event).at));
            if let Some(age) = age.filter(|age| *age > bound) {
                report.findings.push(Finding::Unread { partition, age });
            }
        }
        report
    }

    const fn nothing_found(&self, reader: Reader) -> Report {
        Report { reader, looked_at: self.now, compared: 0, left_out: 0, read: 0, findings: Vec::new() }
    }

    fn look_at_rows(&mut self, model: Model, reader: Reader, detector: Detector, settings: &Detectors) -> Report {
        // Before anything can have settled there is nothing to look at.
        let Some(horizon) = self.now.0.checked_sub(settings.settle.0).map(Micros) else {
            return self.nothing_found(reader);
        };
        let number = self.versions(model).number(reader);
        let begin = || Reference::new(model, self.first_order, &self.options);
        let mut guard = self.search.guards[model.index()]
            .take()
            .unwrap_or_else(|| Box::new(Guard { source: begin(), shadow: (number, begin()) }));
        guard.source.follow(horizon, reader, Code::Sound, &self.store, &self.options);
        if detector == Detector::Shadow {
            // Another version may have other code.
            if guard.shadow.0 != number {
                guard.shadow = (number, begin());
            }
            guard.shadow.1.follow(horizon, reader, Code::Own, &self.store, &self.options);
        }
        let wanted = if detector == Detector::Shadow { &guard.shadow.1 } else { &guard.source };
        let report = match detector {
            Detector::StaleRow => {
                self.look_at_versions(model, reader, wanted, settings.stale_row.unwrap_or_default().bound)
            }
            _ => self.compare_rows(model, reader, (detector, settings), wanted, horizon),
        };
        self.search.guards[model.index()] = Some(guard);
        report
    }

    /// Which rows have not got the newest of the events that are old enough?
    fn look_at_versions(&self, model: Model, reader: Reader, wanted: &Reference, bound: Micros) -> Report {
        let rows = self.version(reader, model).follower.target();
        let mut report = self.nothing_found(reader);
        for of in wanted.rows().keys().into_iter().flatten() {
            report.compared += 1;
            report.read += 2;
            let due = self.store.stream_backwards(of).find(|(_, committed)| self.now.since(committed.at) > bound);
            if let Some((_, committed)) = due
                && rows.row_version(of) < committed.recorded.version
            {
                report.findings.push(Finding::Stale { of, age: self.now.since(committed.at) });
            }
        }
        report
    }

    fn compare_rows(
        &self,
        model: Model,
        reader: Reader,
        (detector, settings): (Detector, &Detectors),
        wanted: &Reference,
        horizon: Micros,
    ) -> Report {
        let motion = self.motion(model, reader, horizon);
        let rows = self.version(reader, model).follower.target();
        let is_drawn = |row| detector != Detector::Sample || self.is_in_sample(model, reader, row, settings);
        let found = Comparison::among(rows, wanted.rows(), |row| motion.leaves_alone(row) && is_drawn(row));
        let (has, should_have) = found.rows;
        let left_out = rows.keys().into_iter().filter(|row| !motion.leaves_alone(*row)).count();
        let (findings, read) = match detector {
            Detector::Count if has == should_have => (Vec::new(), 2),
            Detector::Count => (vec![Finding::Rows { has, wanted: should_have }], 2),
            Detector::Checksum if found.same_checksum => (Vec::new(), has + should_have),
            Detector::Checksum => (vec![Finding::Checksum], has + should_have),
            _ => {
                let differing = found.differing.into_iter();
                (differing.map(|(of, what)| Finding::Row { of, what }).collect(), has + should_have)
            }
        };
        let left_out = u32::try_from(left_out).unwrap_or(u32::MAX);
        Report { compared: has.max(should_have), left_out, read, findings, ..self.nothing_found(reader) }
    }

    /// Which rows are made of an event that is too young, or that the projection has not come to by its own account?
    fn motion(&self, model: Model, reader: Reader, horizon: Micros) -> Motion {
        let last = u32::try_from(self.store.len()).unwrap_or(u32::MAX);
        let young = (1..=last).rev().map(EventId).take_while(|event| self.store.event(*event).at > horizon);
        let group = self.reader(reader).group();
        let partitions = group.partitions().filter(|_| !is_synchronous(&self.options, reader));
        let unread = partitions.flat_map(|partition| {
            let saved = group.saved(partition, &self.log, &self.options);
            (saved..self.log.end(partition)).filter_map(move |offset| self.log.at(partition, offset))
        });
        let followed = topics(&self.options, reader);
        let about = young.chain(unread).map(|event| self.store.event(event).recorded.of);
        let rows: BTreeSet<Aggregate> = about.filter(|of| followed.contains(&TopicName::of(*of))).collect();
        let every_row = match model {
            _ if self.versions(model).stage(reader) == Stage::Rebuilding => true,
            Model::SalesDashboard | Model::ProductStats => !rows.is_empty(),
            // A name is in many rows.
            Model::OrderView => rows.iter().any(|of| of.order().is_none()),
            Model::CustomerOrderHistory | Model::ProductSearch | Model::OrderWorkQueue => false,
        };
        Motion { every_row, rows }
    }

    fn is_in_sample(&self, model: Model, reader: Reader, row: Option<Aggregate>, settings: &Detectors) -> bool {
        let n = self.search.plans[model.index()][Detector::Sample.index()].looks;
        let share = settings.sample.unwrap_or_default().share;
        row.is_none_or(|of| {
            let key = FateKey { purpose: Purpose::Sample, hop: reader.into(), subject: Subject { of, n }, attempt: 1 };
            // A sample is no fault, so it does not end with them.
            self.fates.happens(key, share, true)
        })
    }

    fn tell(&mut self, model: Model, detector: Detector, entries: &mut Vec<Entry>) {
        let plan = &mut self.search.plans[model.index()][detector.index()];
        let Some(Report { reader, looked_at, compared, left_out, findings, .. }) = plan.report.take() else { return };
        let was = plan.alarmed;
        plan.alarmed = match (findings.is_empty(), compared) {
            (false, _) => Some(reader),
            (true, 0) => was,
            (true, _) => None,
        };
        let now = plan.alarmed;
        let found = u32::try_from(findings.len()).unwrap_or(u32::MAX);
        self.detected(Detection::Looked { reader, detector, compared, left_out, found }, entries);
        for finding in findings.into_iter().take(TOLD_MAX) {
            self.detected(Detection::Found { reader, detector, finding }, entries);
        }
        if let Some(about) = now.filter(|_| now != was) {
            self.detected(Detection::Alarm { reader: about, detector }, entries);
        }
        match (was, now) {
            // A remedy that brought no better version is not tried again.
            (None, Some(_)) => self.remedy(model, entries),
            (Some(_), None) => self.detected(Detection::Cleared { reader, detector }, entries),
            _ => {}
        }
        self.look_again(model, detector, looked_at);
    }

    /// Plans the next look, unless nothing can have changed by then.
    fn look_again(&mut self, model: Model, detector: Detector, looked_at: Micros) {
        let settings = self.detectors(model);
        let every = settings.and_then(|settings| detector.every(settings));
        let patience = settings.map_or(Micros::ZERO, |settings| detector.patience(settings));
        let last = u32::try_from(self.store.len()).ok().filter(|last| *last > 0).map(EventId);
        let has_settled = last.is_none_or(|last| self.store.event(last).at + patience < looked_at);
        let nothing_else = self.agenda.len() <= self.search.planned;
        match every {
            Some(every) if !(nothing_else && has_settled) => {
                let due = (looked_at + every).max(self.now);
                self.plan_detector(due, DetectorTask::Look(model, detector));
            }
            _ => self.search.plans[model.index()][detector.index()].is_planned = false,
        }
    }

    /// What follows an alarm by itself.
    fn remedy(&mut self, model: Model, entries: &mut Vec<Entry>) {
        let Some(then) = self.detectors(model).map(|settings| settings.on_alarm) else { return };
        if then.pause_serving {
            self.pause_serving(model, entries);
        }
        if then.rebuild {
            self.begin_rebuild(model, entries);
            self.plan_looks();
        }
    }

    /// Stops serving a model, if it is served.
    pub(super) fn pause_serving(&mut self, model: Model, entries: &mut Vec<Entry>) {
        if Arc::make_mut(&mut self.options).projections.versions.of_mut(model).pause(true) {
            self.detected(Detection::Paused { model }, entries);
        }
    }

    /// Serves a model again, if it is paused.
    pub(super) fn resume_serving(&mut self, model: Model, entries: &mut Vec<Entry>) {
        if self.versions(model).is_paused() {
            Arc::make_mut(&mut self.options).projections.versions.of_mut(model).pause(false);
            self.detected(Detection::Resumed { model }, entries);
        }
    }

    /// Writes a row by hand; false if there is nothing of the kind to be written.
    pub(super) fn row_by_hand(
        &mut self,
        model: Model,
        of: Option<Aggregate>,
        act: RowAct,
        entries: &mut Vec<Entry>,
    ) -> bool {
        let reader = self.versions(model).serving();
        let takes_part = takes_part(&self.options, reader);
        let done = takes_part && self.readers.version(reader, model).follower.target_mut().edit(of, act);
        if done {
            let hand = Hand::Row { which: model, of, act };
            self.with_context(entries, |_, ctx| ctx.record(What::ByHand(hand)));
        }
        done
    }

    fn detected(&self, detection: Detection, entries: &mut Vec<Entry>) {
        entries.push(Entry { at: self.now, step: self.steps, what: What::Detection(detection) });
    }
}
