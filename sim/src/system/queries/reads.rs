//! The query path as the world has it: those who ask, and the API.

use crate::system::consumer::instances::{Consumer, Sources};
use crate::system::context::Context;
use crate::system::query_side::api::QueryApi;
use crate::system::query_side::read_model::ReadModel;

use super::clients::QueryClients;
use super::message::QueryTask;

/// The clients that ask, and the API that answers.
#[derive(Clone, Debug)]
pub struct Reads {
    /// Those who ask.
    pub clients: QueryClients,
    /// The API.
    pub api: QueryApi,
}

impl Reads {
    /// Clients that have not asked; schedules their first queries. Orders are numbered from `first` on.
    pub fn start(first: u32, ctx: &mut Context<'_>) -> Self {
        Self { clients: QueryClients::start(first, ctx), api: QueryApi::default() }
    }

    /// Does what is due.
    pub fn perform(
        &mut self,
        task: QueryTask,
        projectors: &[Consumer<ReadModel>],
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        self.api.begin_step();
        match task {
            QueryTask::Next => self.clients.ask_next(ctx),
            QueryTask::Scripted(line) => self.clients.scripted(line, ctx),
            QueryTask::Begins(asked) => self.clients.planned(*asked, ctx),
            QueryTask::Arrives(asked) => self.api.receive(asked, ctx),
            QueryTask::Served(asked) => self.api.serve(*asked, projectors, sources, ctx),
            QueryTask::Answers(reply) => self.clients.answered(&reply, ctx),
            QueryTask::TimesOut(query, attempt) => self.clients.timed_out(query, attempt, ctx),
        }
    }

    /// How many queries are planned, on their way, or waiting anywhere.
    pub fn backlog(&self) -> usize {
        self.clients.open() + self.api.waiting()
    }
}
