//! One copy of a read model, at an edge or in a read replica, and what it has not got from its primary yet.
//!
//! A copy gets whole states. So it lacks what the projection has not handled, for whatever reason, and on top of that what
//! the projection has handled since the state left that the copy has.

use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::place::{Model, Reader, TopicName};
use crate::system::queries::keeper::Keeper;

use super::cause::Station;
use super::follower::{Follower, LagSample};
use super::ways::{Way, Ways};

/// A copy of one read model.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    pub(super) model: Model,
    pub(super) keeper: Keeper,
    /// What it has.
    has: State,
    /// What is on its way to it.
    coming: Option<State>,
}

/// The state of a read model, by what it lacks.
#[derive(Clone, Debug)]
struct State {
    /// It lacks what this reader has still to handle; nobody, once that reader has begun anew.
    of: Option<Reader>,
    /// And this, too.
    lacks: Ways,
    /// Lacked as soon as it is committed: the reader has handled it before.
    early: BTreeSet<EventId>,
}

impl State {
    fn as_now(of: Reader) -> Self {
        Self { of: Some(of), lacks: Ways::default(), early: BTreeSet::new() }
    }
}

impl Copied {
    pub(super) fn new(model: Model, keeper: Keeper) -> Self {
        Self { model, keeper, has: State::as_now(Reader::Projection(model)), coming: None }
    }

    fn states(&mut self) -> impl Iterator<Item = &mut State> {
        core::iter::once(&mut self.has).chain(&mut self.coming)
    }

    /// Its projection has handled an event: the states that left before do not have it.
    pub(super) fn handled(&mut self, reader: Reader, event: EventId, way: Option<Way>, committed: bool, at: Micros) {
        for state in self.states().filter(|state| state.of == Some(reader)) {
            match way {
                Some(way) => state.lacks.take_over(event, way, at, Station::Copying),
                None if !committed => {
                    state.early.insert(event);
                }
                None => {}
            }
        }
    }

    /// An event was committed. Readers that go on count it themselves.
    pub(super) fn committed(&mut self, event: EventId, of: Aggregate, topics: &[TopicName], at: Micros) {
        if !topics.contains(&TopicName::of(of)) {
            return;
        }
        for state in self.states() {
            if state.of.is_none() || state.early.remove(&event) {
                state.lacks.open(event, Station::Copying, at);
            }
        }
    }

    /// A projection begins anew, or ends, and had still to handle this: a state that has left before stays as it is.
    pub(super) fn began_anew(&mut self, reader: Reader, ways: &Ways, at: Micros) {
        for state in self.states().filter(|state| state.of == Some(reader)) {
            state.of = None;
            ways.iter().for_each(|(event, way)| state.lacks.take_over(event, way, at, Station::Copying));
        }
    }

    /// A newer state has left for it.
    pub(super) fn left(&mut self, of: Reader, at: Micros) {
        self.has.lacks.turn_each(at, |_, station| matches!(station, Station::Missed).then_some(Station::Copying));
        self.coming = Some(State::as_now(of));
    }

    /// A newer state is lost on its way, or would be.
    pub(super) fn missed(&mut self, at: Micros) {
        self.coming = None;
        self.has.lacks.turn_each(at, |_, station| matches!(station, Station::Copying).then_some(Station::Missed));
    }

    /// It has what was on its way; if nothing was, it is new, and has what its primary has.
    pub(super) fn arrived(&mut self, serving: Reader) {
        self.has = self.coming.take().unwrap_or_else(|| State::as_now(serving));
    }

    /// How far it is behind the truth now, and why.
    pub(super) fn sample(&self, followers: &[Follower], at: Micros) -> LagSample {
        let primary = followers.iter().find(|follower| Some(follower.reader) == self.has.of);
        let waits = [Some(&self.has.lacks), primary.map(|follower| &follower.ways)];
        let mut sample = LagSample { at, ..LagSample::default() };
        for ways in waits.into_iter().flatten() {
            sample.events.iter_mut().zip(ways.counts()).for_each(|(sum, count)| *sum += count);
        }
        let oldest = waits.into_iter().flatten().filter_map(|ways| ways.oldest(at)).min_by_key(|(event, _)| *event);
        sample.waited = oldest.map(|(_, waited)| waited).unwrap_or_default();
        sample
    }
}
