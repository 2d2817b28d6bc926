//! The doorkeeper of the query API: where rights are asked of their source, a query waits with it until the Customer Service
//! has said what its asker may see. Without a reply in time the query is refused, never answered.

use std::collections::BTreeMap;

use crate::shop::customer::rights::Rights;
use crate::system::context::Context;
use crate::system::fate::{Hop, Purpose};
use crate::system::options::RightsFrom;
use crate::system::outage::{down, slowed_by};
use crate::system::place::Service;
use crate::system::task::Task;
use crate::system::trace::What;

use super::message::{Asked, QueryId};
use super::reading::Reading;
use super::sight::Sight;

/// What can be on the agenda about rights.
#[derive(Clone, Debug)]
pub enum DoorTask {
    /// The question reaches the Customer Service.
    Arrives(Box<Asked>),
    /// The reply, which is with the query, reaches the query API.
    Replies(Box<Asked>),
    /// The query API has waited long enough for it.
    TimesOut(QueryId, u16),
}

/// The queries that wait for a reply.
#[derive(Clone, Debug, Default)]
pub struct Doorkeeper {
    waiting: BTreeMap<(QueryId, u16), Box<Asked>>,
}

impl Doorkeeper {
    /// How many queries wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A query has come: it is let through, or waits for what the Customer Service says.
    pub fn receive(&mut self, mut asked: Box<Asked>, ctx: &mut Context<'_>) -> Option<Box<Asked>> {
        let access = ctx.options.queries.access.as_ref().filter(|_| asked.query.is_guarded());
        let Some(access) = access.filter(|access| access.rights == RightsFrom::Source) else { return Some(asked) };
        ctx.record(What::Reading(Reading::Sight(Sight::RightsAsked { query: asked.id })));
        asked.left = ctx.now;
        let delay = ctx.fates.span(asked.key(Purpose::Delay, Hop::AskRights), &access.ask_delay);
        ctx.at(ctx.now + delay, Task::Door(DoorTask::Arrives(asked.clone())));
        ctx.at(ctx.now + access.ask_timeout, Task::Door(DoorTask::TimesOut(asked.id, asked.attempt)));
        self.waiting.insert((asked.id, asked.attempt), asked);
        None
    }

    /// The reply has come: the query goes on with it, if it still waits.
    pub fn replied(&mut self, asked: Box<Asked>, ctx: &mut Context<'_>) -> Option<Box<Asked>> {
        self.waiting.remove(&(asked.id, asked.attempt))?;
        let any = asked.rights_told.flatten().is_some();
        ctx.record(What::Reading(Reading::Sight(Sight::RightsTold { query: asked.id, any })));
        Some(asked)
    }

    /// The query that still waits for the reply to this try.
    pub fn timed_out(&mut self, query: QueryId, attempt: u16) -> Option<Box<Asked>> {
        self.waiting.remove(&(query, attempt))
    }
}

/// The Customer Service hears the question, unless it is down, and says what the account may see now.
pub fn answer(mut asked: Box<Asked>, rights: Option<Rights>, ctx: &mut Context<'_>) {
    let Some(access) = &ctx.options.queries.access else { return };
    if down(Service::Customers, ctx).is_some() {
        return ctx.record(What::Reading(Reading::Sight(Sight::RightsUnheard { query: asked.id })));
    }
    let delay = ctx.fates.span(asked.key(Purpose::Delay, Hop::TellRights), &access.ask_delay);
    let due = ctx.now + slowed_by(Service::Customers, ctx) + delay;
    asked.rights_told = Some(rights);
    asked.left = ctx.now;
    ctx.at(due, Task::Door(DoorTask::Replies(asked)));
}
