//! Commands whose answers wait until the broker has their events (MISSION B5). They are committed already; what waits is the
//! client, not the one writer.

use std::collections::BTreeMap;

use crate::shop::ids::{EventId, Version};
use crate::shop::refusal::Refusal;
use crate::system::committing::Committing;
use crate::system::context::Context;
use crate::system::task::Request;
use crate::system::trace::What;

use super::writer::answer;

/// The commands that wait, by the event that each waits for.
#[derive(Clone, Debug, Default)]
pub struct Awaiting {
    requests: BTreeMap<EventId, Box<Request>>,
}

impl Awaiting {
    /// Lets a command's answer wait for its event's acknowledgement.
    pub fn wait(&mut self, event: EventId, request: Request) {
        self.requests.insert(event, Box::new(request));
    }

    /// How many answers wait.
    pub fn count(&self) -> usize {
        self.requests.len()
    }

    /// The broker has the event: the command is answered.
    pub fn acknowledged(&mut self, event: EventId, version: Version, ctx: &mut Context<'_>) {
        if let Some(request) = self.requests.remove(&event) {
            answer(*request, Ok(Some(event)), Some(version), ctx);
        }
    }

    /// The broker may or may not have the event: the client is told that it is not known, though the command is committed.
    pub fn timed_out(&mut self, event: EventId, ctx: &mut Context<'_>) {
        if let Some(request) = self.requests.remove(&event) {
            let (command, of, refusal) = (request.id, request.of, Refusal::NotAcknowledged);
            ctx.record(What::Committing(Committing::Unacknowledged { event, command }));
            ctx.record(What::CommandRefused { command, of, refusal });
            answer(*request, Err(refusal), None, ctx);
        }
    }

    /// The service has crashed: nobody knows any more who waits.
    pub fn lost(&mut self) -> impl Iterator<Item = Box<Request>> + use<> {
        core::mem::take(&mut self.requests).into_values()
    }
}
