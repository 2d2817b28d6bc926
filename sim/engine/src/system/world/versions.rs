//! The life of read models (MISSION D8, D9): a rebuild begins, catches up, shadows, is compared and switched to; the version
//! before it is kept for a rollback, and retired. What is under way is looked after at the end of every step.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::consumer::instances::{Consumer, Instance, Port as _, Sources};
use crate::system::delivery::Delivered;
use crate::system::fate::{FateKey, Purpose};
use crate::system::following::{is_synchronous, takes_part, topics};
use crate::system::hands::{Hand, ModelAct};
use crate::system::options::{BrokerKind, Options, Rebuild, RebuildSource, RebuildWhere, SwitchWhen};
use crate::system::place::{Model, Reader, TopicName};
use crate::system::query_side::comparison::Comparison;
use crate::system::query_side::read_model::ReadModel;
use crate::system::refresh;
use crate::system::task::Task;
use crate::system::trace::{Entry, What};
use crate::system::versions::{Pair, Stage, Turn, VersionTask};

use super::World;

/// What is under way with the versions of each model.
#[derive(Clone, Debug, Default)]
pub(super) struct Rebuilds {
    runs: [Run; 6],
    /// Is anything under way? Where nothing is, a step has nothing to look after.
    any: bool,
}

/// A rebuild of one model.
#[derive(Clone, Debug, Default)]
struct Run {
    phase: Phase,
    /// When it began.
    begun: Micros,
    /// How far each partition had come by then, in the order of the reader's partitions.
    goal: Vec<u32>,
    /// How many events it was behind by then.
    gap: u32,
    /// How many tenths of the way were told.
    tenths: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Nothing is to be looked after.
    #[default]
    Idle,
    /// It reads the committed events, from this number up to that one.
    Reading { next: u32, upto: u32 },
    /// It follows the log until it has caught up.
    CatchingUp,
    /// It waits to be compared, until both versions have come equally far.
    Levelling,
}

impl World {
    /// The versions of a model.
    pub fn versions(&self, model: Model) -> &Pair {
        self.options.projections.versions.of(model)
    }

    /// How far a rebuild has come: events handled, of how many, and how long it will take until it has caught up if it goes
    /// on as it has so far, which is an estimate; none if it falls behind.
    pub fn progress(&self, model: Model) -> Option<(u32, u32, Option<Micros>)> {
        let run = &self.rebuilds.runs[model.index()];
        let (handled, of) = match run.phase {
            Phase::Idle | Phase::Levelling => return None,
            Phase::Reading { next, upto } => (next - 1, upto),
            Phase::CatchingUp => {
                let reader = self.rebuilt(model);
                let behind = self.behind(reader);
                let end: u32 = self.reader(reader).group().partitions().map(|one| self.log.end(one)).sum();
                (end - behind, end)
            }
        };
        let (left, elapsed) = (of - handled, self.now.since(run.begun));
        let closed = run.gap.checked_sub(left).filter(|closed| *closed > 0);
        let estimate = closed.map(|closed| {
            let micros = u128::from(left) * u128::from(elapsed.0) / u128::from(closed);
            Micros(u64::try_from(micros).unwrap_or(u64::MAX))
        });
        Some((handled, of, estimate))
    }

    /// The version that is being built.
    fn rebuilt(&self, model: Model) -> Reader {
        let pair = self.versions(model);
        if pair.stage(pair.serving()) == Stage::Rebuilding { pair.serving() } else { pair.beside() }
    }

    /// Looks after what is under way; `entries` from `from` on are what has happened in this step.
    pub(super) fn tend_versions(&mut self, from: usize, entries: &mut Vec<Entry>) {
        if !self.rebuilds.any {
            return;
        }
        for model in Model::ALL {
            match self.rebuilds.runs[model.index()].phase {
                Phase::CatchingUp => self.catch_up(model, from, entries),
                Phase::Levelling if self.are_level(model) => self.compare(model, entries),
                Phase::Idle | Phase::Reading { .. } | Phase::Levelling => {}
            }
        }
    }

    /// Does what was planned for a version, if it is still there.
    pub(super) fn version_task(&mut self, task: VersionTask, entries: &mut Vec<Entry>) {
        let is_there = |world: &Self, model, number, stage| {
            let pair = world.versions(model);
            pair.number(pair.beside()) == number && pair.stage(pair.beside()) == stage
        };
        match task {
            VersionTask::Begin(model) => {
                // The plan may have changed since.
                if rebuild_options(&self.options, model).at == Some(self.now) {
                    self.begin_rebuild(model, entries);
                }
            }
            VersionTask::ReadOn(model, number) => {
                let reader = self.rebuilt(model);
                if self.versions(model).number(reader) == number {
                    self.read_on(model, reader, entries);
                }
            }
            VersionTask::Shadowed(model, number) if is_there(self, model, number, Stage::Shadowing) => {
                self.rebuilds.runs[model.index()].phase = Phase::Levelling;
                let within = rebuild_options(&self.options, model).compare_within;
                let at = self.now + within;
                self.with_context(entries, |_, ctx| ctx.at(at, Task::Version(VersionTask::CompareNow(model, number))));
            }
            VersionTask::CompareNow(model, number) if is_there(self, model, number, Stage::Shadowing) => {
                if self.rebuilds.runs[model.index()].phase == Phase::Levelling {
                    self.compare(model, entries);
                }
            }
            VersionTask::KeptLongEnough(model, number) if is_there(self, model, number, Stage::Deprecated) => {
                let reader = self.versions(model).beside();
                self.retire(reader, model, entries);
            }
            VersionTask::Shadowed(..) | VersionTask::CompareNow(..) | VersionTask::KeptLongEnough(..) => {}
        }
    }

    /// Does what a hand does to the versions of a model; false if there is nothing to do it to.
    pub(super) fn model_by_hand(&mut self, model: Model, act: ModelAct, entries: &mut Vec<Entry>) -> bool {
        let pair = *self.versions(model);
        let beside = pair.stage(pair.beside());
        let can = match act {
            ModelAct::Rebuild => self.can_rebuild(model),
            ModelAct::Switch => beside == Stage::Shadowing,
            ModelAct::RollBack => beside == Stage::Deprecated,
            ModelAct::Retire => beside.runs(),
            ModelAct::PauseServing => !pair.is_paused(),
            ModelAct::ResumeServing => pair.is_paused(),
        };
        if !can {
            return false;
        }
        self.with_context(entries, |_, ctx| ctx.record(What::ByHand(Hand::Model { which: model, act })));
        match act {
            ModelAct::Rebuild => self.begin_rebuild(model, entries),
            ModelAct::Switch | ModelAct::RollBack => self.switch(model, entries),
            ModelAct::Retire => self.retire(pair.beside(), model, entries),
            ModelAct::PauseServing => self.pause_serving(model, entries),
            ModelAct::ResumeServing => self.resume_serving(model, entries),
        }
        true
    }

    fn can_rebuild(&self, model: Model) -> bool {
        let reader = Reader::Projection(model);
        let takes_part = self.options.consumer(reader).enabled;
        takes_part && !is_synchronous(&self.options, reader) && !self.versions(model).is_busy()
    }

    pub(super) fn begin_rebuild(&mut self, model: Model, entries: &mut Vec<Entry>) {
        if !self.can_rebuild(model) {
            return self.record(What::Version(Turn::NotNow { model }), entries);
        }
        let settings = rebuild_options(&self.options, model);
        let pair = *self.versions(model);
        let in_place = settings.place == RebuildWhere::InPlace;
        let reader = if in_place { pair.serving() } else { pair.beside() };
        let gone = self.history_gone(reader, settings.source);
        if let (Some(gone), true) = (gone, in_place) {
            // Better an old table than an empty one.
            return self.record(What::Version(gone), entries);
        }
        Arc::make_mut(&mut self.options).projections.versions.of_mut(model).redesign(reader);
        self.turn(reader, model, if in_place { Stage::Rebuilding } else { Stage::Building }, entries);
        if let Some(gone) = gone {
            self.record(What::Version(gone), entries);
            return self.turn(reader, model, Stage::Retired, entries);
        }
        let goal: Vec<u32> = self.reader(reader).group().partitions().map(|one| self.log.end(one)).collect();
        let (phase, gap) = match settings.source {
            RebuildSource::Log => (Phase::CatchingUp, goal.iter().sum()),
            RebuildSource::EventStore => {
                let upto = u32::try_from(self.store.len()).unwrap_or(u32::MAX);
                (Phase::Reading { next: 1, upto }, upto)
            }
        };
        self.rebuilds.any = true;
        self.rebuilds.runs[model.index()] = Run { phase, begun: self.now, goal, gap, tenths: 0 };
        let target = ReadModel::new(model, self.first_order, &self.options);
        let from = settings.from_offset;
        self.with_context(entries, |world, ctx| {
            let (first, Self { store, log, readers, .. }) = (world.first_order, world);
            let consumer = readers.version(reader, model);
            match phase {
                Phase::Reading { .. } => consumer.stop(target, first, u32::MAX, log, ctx),
                _ => consumer.begin_anew(target, (first, from), Sources { log, store }, ctx),
            }
        });
        match phase {
            Phase::Reading { .. } => self.plan_reading(model, reader, entries),
            _ => self.catch_up(model, entries.len(), entries),
        }
    }

    /// Is there a part of the history that the broker does not have?
    fn history_gone(&self, reader: Reader, source: RebuildSource) -> Option<Turn> {
        if source == RebuildSource::EventStore {
            return None;
        }
        let mut partitions = self.reader(reader).group().partitions();
        if self.options.broker.kind == BrokerKind::Queue {
            return partitions.next().map(|partition| Turn::HistoryGone { reader, partition, first: None });
        }
        partitions.find(|partition| self.log.first(*partition) > 0).map(|partition| {
            let first = Some(self.log.first(partition));
            Turn::HistoryGone { reader, partition, first }
        })
    }

    /// The committed events that are read in one go, and how long that takes.
    fn plan_reading(&mut self, model: Model, reader: Reader, entries: &mut Vec<Entry>) {
        let number = self.versions(model).number(reader);
        let batch = self.next_to_read(model, reader);
        self.with_context(entries, |world, ctx| {
            let settings = ctx.options.consumer(reader);
            let span = batch.iter().fold(Micros::ZERO, |span, event| {
                let subject = world.store.event(*event).subject();
                let key = FateKey { purpose: Purpose::Service, hop: reader.into(), subject, attempt: 0 };
                span + ctx.fates.span(key, &settings.service)
            });
            ctx.at(ctx.now + span, Task::Version(VersionTask::ReadOn(model, number)));
        });
    }

    fn next_to_read(&self, model: Model, reader: Reader) -> Vec<EventId> {
        let Phase::Reading { next, upto } = self.rebuilds.runs[model.index()].phase else { return Vec::new() };
        let followed = topics(&self.options, reader);
        let size = self.options.consumer(reader).batch as usize;
        // What was only announced is in no service's store.
        let numbers = (next..=upto).map(EventId).filter(|event| self.store.is_committed(*event));
        let of_ours = numbers.filter(|event| followed.contains(&TopicName::of(self.store.event(*event).recorded.of)));
        of_ours.take(size).collect()
    }

    /// Applies what was read, and reads on; at the end of the committed events it goes over to the log.
    fn read_on(&mut self, model: Model, reader: Reader, entries: &mut Vec<Entry>) {
        let Phase::Reading { upto, .. } = self.rebuilds.runs[model.index()].phase else { return };
        let batch = self.next_to_read(model, reader);
        self.with_context(entries, |world, ctx| {
            let Self { store, readers, .. } = world;
            for event in &batch {
                let delivered = Delivered { event: *event, reader, instance: 0, attempt: 0 };
                readers.version(reader, model).follower.take(delivered, store, ctx);
            }
            refresh::plan(readers.serving(Model::SalesDashboard, ctx.options), ctx);
        });
        let run = &mut self.rebuilds.runs[model.index()];
        if let Some(last) = batch.last() {
            run.phase = Phase::Reading { next: last.0 + 1, upto };
            self.tell_progress(model, reader, entries);
            return self.plan_reading(model, reader, entries);
        }
        run.phase = Phase::CatchingUp;
        run.tenths = 10;
        self.with_context(entries, |world, ctx| {
            let Self { store, log, readers, .. } = world;
            readers.version(reader, model).rescale(Sources { log, store }, ctx);
        });
    }

    fn catch_up(&mut self, model: Model, from: usize, entries: &mut Vec<Entry>) {
        let reader = self.rebuilt(model);
        let eaten = entries[from.min(entries.len())..].iter().find_map(|entry| match entry.what {
            What::RetentionSkipped { reader: skipped, partition, to, .. } if skipped == reader => {
                Some(Turn::HistoryGone { reader, partition, first: Some(to) })
            }
            _ => None,
        });
        if let Some(gone) = eaten {
            self.record(What::Version(gone), entries);
            if self.versions(model).stage(reader) == Stage::Building {
                return self.retire(reader, model, entries);
            }
        }
        self.tell_progress(model, reader, entries);
        if !self.has_caught_up(model, reader) {
            return;
        }
        let run = &self.rebuilds.runs[model.index()];
        let took = self.now.since(run.begun);
        let events = self.progress(model).map_or(0, |(handled, ..)| handled);
        self.rebuilds.runs[model.index()].phase = Phase::Idle;
        self.record(What::Version(Turn::CaughtUp { reader, events, took }), entries);
        if self.versions(model).stage(reader) == Stage::Rebuilding {
            return self.turn(reader, model, Stage::Serving, entries);
        }
        self.turn(reader, model, Stage::Shadowing, entries);
        let number = self.versions(model).number(reader);
        let at = self.now + rebuild_options(&self.options, model).shadow_for;
        self.with_context(entries, |_, ctx| ctx.at(at, Task::Version(VersionTask::Shadowed(model, number))));
    }

    /// Has it handled what there was when it began, and is it no farther behind than the version that serves?
    fn has_caught_up(&self, model: Model, reader: Reader) -> bool {
        let group = self.reader(reader).group();
        let goals = self.rebuilds.runs[model.index()].goal.iter();
        let mut done = group.partitions().zip(goals);
        done.all(|(partition, goal)| group.saved(partition, &self.log, &self.options) >= *goal)
            && self.behind(reader) <= self.behind(self.versions(model).serving())
    }

    /// How many events of the log a reader has not handled.
    fn behind(&self, reader: Reader) -> u32 {
        let group = self.reader(reader).group();
        let open = |partition| self.log.end(partition) - group.saved(partition, &self.log, &self.options);
        group.partitions().map(open).sum()
    }

    /// Tells every tenth of the way.
    fn tell_progress(&mut self, model: Model, reader: Reader, entries: &mut Vec<Entry>) {
        let Some((handled, of, left)) = self.progress(model) else { return };
        let tenths = (u64::from(handled) * 10).checked_div(u64::from(of)).unwrap_or(10);
        let tenths = u32::try_from(tenths).unwrap_or(10);
        if tenths > self.rebuilds.runs[model.index()].tenths && tenths < 10 {
            self.rebuilds.runs[model.index()].tenths = tenths;
            self.record(What::Version(Turn::Progress { reader, handled, of, left }), entries);
        }
    }

    /// Have both versions come equally far, with nothing half done?
    fn are_level(&self, model: Model) -> bool {
        let pair = self.versions(model);
        let (serving, beside) = (self.reader(pair.serving()), self.reader(pair.beside()));
        let idle = |instances: &[Instance]| instances.iter().all(|instance| instance.in_hand.is_empty());
        idle(serving.instances())
            && idle(beside.instances())
            && beside.group().is_level_with(serving.group(), &self.log, &self.options)
    }

    fn compare(&mut self, model: Model, entries: &mut Vec<Entry>) {
        let pair = *self.versions(model);
        let level = self.are_level(model);
        self.rebuilds.runs[model.index()].phase = Phase::Idle;
        let target = |reader| self.version(reader, model).follower.target();
        let found = Comparison::of(target(pair.serving()), target(pair.beside()));
        let Rebuild { samples, switch, .. } = rebuild_options(&self.options, model);
        let (rows, same_checksum) = (found.rows, found.same_checksum);
        let differing = u32::try_from(found.differing.len()).unwrap_or(u32::MAX);
        let reader = pair.serving();
        self.record(What::Version(Turn::Compared { reader, rows, differing, same_checksum, level }), entries);
        for (of, what) in found.differing.iter().take(usize::from(samples)) {
            self.record(What::Version(Turn::Differs { model, of: *of, what: *what }), entries);
        }
        match switch {
            SwitchWhen::Always => self.switch(model, entries),
            SwitchWhen::IfEqual if found.is_equal() && level => self.switch(model, entries),
            SwitchWhen::IfEqual | SwitchWhen::ByHand => {}
        }
    }

    /// Lets the version beside serve; the one that served is kept for a rollback. A rollback is the same, the other way round.
    fn switch(&mut self, model: Model, entries: &mut Vec<Entry>) {
        let pair = *self.versions(model);
        let (old, new) = (pair.serving(), pair.beside());
        self.rebuilds.runs[model.index()].phase = Phase::Idle;
        self.turn(old, model, Stage::Deprecated, entries);
        self.turn(new, model, Stage::Serving, entries);
        let at = self.now + rebuild_options(&self.options, model).keep_for;
        let plan = Task::Version(VersionTask::KeptLongEnough(model, pair.number(old)));
        self.with_context(entries, |world, ctx| {
            ctx.at(at, plan);
            refresh::plan(world.readers.serving(Model::SalesDashboard, ctx.options), ctx);
        });
    }

    fn retire(&mut self, reader: Reader, model: Model, entries: &mut Vec<Entry>) {
        self.rebuilds.runs[model.index()].phase = Phase::Idle;
        self.turn(reader, model, Stage::Retired, entries);
        let target = ReadModel::new(model, self.first_order, &self.options);
        self.with_context(entries, |world, ctx| {
            let (first, Self { log, readers, .. }) = (world.first_order, world);
            readers.version(reader, model).stop(target, first, 0, log, ctx);
        });
    }

    fn turn(&mut self, reader: Reader, model: Model, to: Stage, entries: &mut Vec<Entry>) {
        let turn = Arc::make_mut(&mut self.options).projections.versions.of_mut(model).turn(reader, to);
        if let Some(turn) = turn {
            self.record(What::Version(turn), entries);
            if to == Stage::Serving {
                self.resume_serving(model, entries);
            }
        }
    }

    fn record(&self, what: What, entries: &mut Vec<Entry>) {
        entries.push(Entry { at: self.now, step: self.steps, what });
    }

    /// The projector of a version.
    pub fn version(&self, reader: Reader, model: Model) -> &Consumer<ReadModel> {
        match reader {
            Reader::Second(_) => &self.readers.seconds[model.index()],
            _ => &self.readers.projectors[model.index()],
        }
    }
}

/// How a model is built anew.
fn rebuild_options(options: &Options, model: Model) -> Rebuild {
    options.consumer(Reader::Projection(model)).rebuild.as_deref().cloned().unwrap_or_default()
}

/// When each rebuild begins that is planned from `now` on, other than it was planned `before`.
pub(super) fn planned(options: &Options, before: Option<&Options>, now: Micros) -> Vec<(Micros, Task)> {
    let at = |options: &Options, model| rebuild_options(options, model).at;
    let planned = Model::ALL.into_iter().filter_map(|model| {
        let due = at(options, model).filter(|due| *due >= now && takes_part(options, Reader::Projection(model)))?;
        let is_new = before.is_none_or(|before| at(before, model) != Some(due));
        is_new.then_some((due, Task::Version(VersionTask::Begin(model))))
    });
    planned.collect()
}
