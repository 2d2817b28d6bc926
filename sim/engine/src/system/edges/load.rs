//! What edges carry on: requests of clients, and what comes back to them.

use bitcode::{Decode, Encode};
use std::sync::Arc;

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::shop::command::Command;
use crate::shop::ids::{CommandId, CustomerId};
use crate::shop::order::command::OrderCommand;
use crate::system::client_task::ClientTask;
use crate::system::context::Context;
use crate::system::exchange::Exchange;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::queries::message::{Asked, QueryId, QueryTask, Reply};
use crate::system::queries::reading::Reading;
use crate::system::sign_in::customer_of;
use crate::system::task::{Answer, Request, Task};
use crate::system::trace::What;

use super::edge_id::EdgeId;

/// The name of what an edge carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Cargo {
    /// A query, or its answer.
    Query(QueryId),
    /// A command, its answer, or a question for what has become of it.
    Command(CommandId),
}

/// A message that goes by way of an edge.
#[derive(Clone, Debug)]
pub enum Load {
    /// A query.
    Query(Box<Asked>),
    /// The answer to a query.
    Reply(Arc<Reply>),
    /// A command.
    Command(Box<Request>),
    /// The answer to a command.
    Answer(Box<Answer>),
    /// A question for what has become of a command.
    Status(Box<Request>),
    /// The word that a command was taken in.
    TakenIn(Box<Request>),
}

/// Questions for what has become of a command are named apart from the command.
const STATUS_TRIES: u16 = 40_000;

impl Load {
    /// Its name.
    pub fn cargo(&self) -> Cargo {
        match self {
            Self::Query(asked) => Cargo::Query(asked.id),
            Self::Reply(reply) => Cargo::Query(reply.asked.id),
            Self::Command(request) | Self::Status(request) | Self::TakenIn(request) => Cargo::Command(request.id),
            Self::Answer(answer) => Cargo::Command(answer.request.id),
        }
    }

    /// In whose session it travels; that of customer 0 for what nobody in particular sends.
    pub fn session(&self, ctx: &Context<'_>) -> CustomerId {
        match self {
            Self::Query(asked) => asked.session,
            Self::Reply(reply) => reply.asked.session,
            Self::Command(request) | Self::Status(request) | Self::TakenIn(request) => sender(request, ctx),
            Self::Answer(answer) => sender(&answer.request, ctx),
        }
    }

    /// The edge that did not answer the try before, if there was one. Whoever asks what has become of a command is not
    /// sending anything again.
    pub fn last_edge(&self) -> Option<EdgeId> {
        match self {
            Self::Query(asked) => asked.edge,
            Self::Command(request) => request.headers.edge,
            Self::Reply(_) | Self::Answer(_) | Self::Status(_) | Self::TakenIn(_) => None,
        }
    }

    /// Writes on a request by which edge it goes: the answer comes back that way.
    pub fn go_by(&mut self, edge: EdgeId) {
        match self {
            Self::Query(asked) => asked.edge = Some(edge),
            Self::Command(request) | Self::Status(request) => request.headers.edge = Some(edge),
            Self::Reply(_) | Self::Answer(_) | Self::TakenIn(_) => {}
        }
    }

    /// Writes on it that it leaves for somewhere now. What is about commands knows no more than when it was sent.
    pub fn leaves(&mut self, now: Micros) {
        match self {
            Self::Query(asked) => asked.left = now,
            Self::Reply(reply) => Arc::make_mut(reply).asked.left = now,
            Self::Command(_) | Self::Answer(_) | Self::Status(_) | Self::TakenIn(_) => {}
        }
    }

    /// The link between the client and the edge that it uses, by the name that the link has without edges too.
    const fn hop(&self) -> Hop {
        match self {
            Self::Query(_) => Hop::Query,
            Self::Reply(_) => Hop::QueryAnswer,
            Self::Command(_) => Hop::Command,
            Self::Status(_) => Hop::Status,
            Self::TakenIn(_) => Hop::Answer,
            Self::Answer(answer) if answer.request.taken_in => Hop::StatusAnswer,
            Self::Answer(_) => Hop::Answer,
        }
    }

    fn subject(&self) -> (Subject, u16) {
        match self {
            Self::Query(asked) => (asked.subject, asked.attempt),
            Self::Reply(reply) => (reply.asked.subject, reply.asked.attempt),
            Self::Command(request) | Self::Status(request) | Self::TakenIn(request) => {
                (request.subject, request.attempt)
            }
            Self::Answer(answer) => (answer.request.subject, answer.request.attempt),
        }
    }

    /// The name of a fate on its way between the client and the edge.
    pub fn near_key(&self, purpose: Purpose) -> FateKey {
        let (subject, attempt) = self.subject();
        FateKey { purpose, hop: self.hop(), subject, attempt }
    }

    /// The name of one of its two fates at or behind the edge.
    pub fn far_key(&self, purpose: Purpose, which: u16) -> FateKey {
        let (subject, attempt) = self.subject();
        let hop = match self.cargo() {
            Cargo::Query(_) => Hop::QueryEdge,
            Cargo::Command(_) => Hop::CommandEdge,
        };
        let before = if matches!(self.hop(), Hop::Status | Hop::StatusAnswer) { STATUS_TRIES } else { 0 };
        let attempt = before.saturating_add(attempt.saturating_sub(1).saturating_mul(2)).saturating_add(which);
        FateKey { purpose, hop, subject, attempt }
    }

    /// How long it travels between an edge and the origin, besides what the edge's distance adds.
    pub fn far_span(&self, which: u16, delay: &Distribution, ctx: &Context<'_>) -> Micros {
        ctx.fates.span(self.far_key(Purpose::Delay, which), delay)
    }

    /// Is it lost between the client and the edge?
    pub fn is_lost(&self, ctx: &Context<'_>) -> bool {
        let loss = match self.cargo() {
            Cargo::Query(_) => ctx.options.queries.api.loss,
            Cargo::Command(_) => ctx.options.order_service.commands.loss,
        };
        ctx.fates.happens(self.near_key(Purpose::Loss), loss, ctx.faults)
    }

    /// What is told of it when it is lost between the client and the edge.
    pub fn loss(&self) -> What {
        match self {
            Self::Query(asked) => What::Reading(Reading::QueryLost { query: asked.id }),
            Self::Reply(reply) => What::Reading(Reading::AnswerLost { query: reply.asked.id }),
            Self::Command(one) | Self::Status(one) => {
                What::Between(Exchange::CommandLost { command: one.id, attempt: one.attempt })
            }
            Self::TakenIn(one) => What::Between(Exchange::AnswerLost { command: one.id, attempt: one.attempt }),
            Self::Answer(answer) => {
                let one = &answer.request;
                What::Between(Exchange::AnswerLost { command: one.id, attempt: one.attempt })
            }
        }
    }

    /// What happens when it comes to where it goes.
    pub fn arrival(self) -> Task {
        match self {
            Self::Query(asked) => Task::Query(QueryTask::Arrives(asked)),
            Self::Reply(reply) => Task::Query(QueryTask::Answers(reply)),
            Self::Command(request) => Task::CommandArrives(request),
            Self::Answer(answer) => Task::AnswerArrives(answer),
            Self::Status(request) => Task::Client(ClientTask::StatusAsked(request)),
            Self::TakenIn(request) => Task::Client(ClientTask::TakenInArrives(request)),
        }
    }

    /// What happens instead where it is lost, if anybody is to notice at once: a sender who sends nothing twice waits no longer.
    ///
    /// # Errors
    /// The message itself, where nobody notices.
    pub fn vanishing(self) -> Result<Task, Self> {
        match self {
            Self::Command(request) => Ok(Task::Client(ClientTask::CommandVanishes(request))),
            Self::Answer(answer) => Ok(Task::Client(ClientTask::AnswerVanishes(answer))),
            Self::Query(_) | Self::Reply(_) | Self::Status(_) | Self::TakenIn(_) => Err(self),
        }
    }
}

/// Whose client sends a command: the one of the order that it is about.
fn sender(request: &Request, ctx: &Context<'_>) -> CustomerId {
    match &request.command {
        Command::Order(OrderCommand::CreateOrder { customer, .. }) => *customer,
        _ => request.of.order().and_then(|order| customer_of(order, ctx)).unwrap_or_default(),
    }
}
