//! The query path as the world has it: those who ask, the API, and the write side where it is asked too. Each hands on
//! messages; this is where they meet.

use crate::shop::customer::rights::Forbidden;
use crate::system::command_side::services::Services;
use crate::system::context::Context;
use crate::system::options::{Contract, Options};
use crate::system::query_side::api::{QueryApi, Shelf, to_write_side};
use crate::system::task::Task;

use super::call::ComposeTask;
use super::clients::QueryClients;
use super::composer::{Composer, composes};
use super::doorkeeper::{self, DoorTask, Doorkeeper};
use super::message::{Asked, Errand, QueryTask};

/// The clients that ask, and the API that answers.
#[derive(Clone, Debug)]
pub struct Reads {
    /// Those who ask.
    pub clients: QueryClients,
    /// Who asks for rights where the API does not know them.
    pub door: Doorkeeper,
    /// The API.
    pub api: QueryApi,
    /// Who composes answers of what the services say.
    pub composer: Composer,
}

impl Reads {
    /// Clients that have not asked; schedules their first queries. Orders are numbered from `first` on.
    pub fn start(first: u32, ctx: &mut Context<'_>) -> Self {
        Self {
            clients: QueryClients::start(first, ctx),
            door: Doorkeeper::default(),
            api: QueryApi::default(),
            composer: Composer::default(),
        }
    }

    /// Does what is due.
    pub fn perform(&mut self, task: QueryTask, services: &mut Services, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        match task {
            QueryTask::Next => self.clients.ask_next(ctx),
            QueryTask::Scripted(line) => self.clients.scripted(line, ctx),
            QueryTask::Begins(asked) => self.clients.planned(*asked, ctx),
            QueryTask::Arrives(asked) if composes(&asked.query, ctx.options.queries.composition.as_ref()) => {
                self.composer.receive(asked, ctx);
            }
            QueryTask::Compose(task) => self.compose(task, services, shelf, ctx),
            QueryTask::Arrives(asked) if is_for_the_write_side(&asked, ctx.options) => {
                services.look(asked, Errand::Direct, shelf.sources.store, ctx);
            }
            QueryTask::Arrives(asked) => {
                let admitted = self.door.receive(asked, ctx);
                admitted.into_iter().for_each(|asked| self.api.receive(asked, ctx));
            }
            QueryTask::Served(asked) => self.api.serve(asked, shelf, ctx),
            QueryTask::Answers(reply) => self.clients.answered(reply, ctx),
            QueryTask::TimesOut(query, attempt) => self.clients.timed_out(query, attempt, ctx),
            QueryTask::AsksAgain(query, attempt) => self.clients.ask_again(query, attempt, ctx),
            QueryTask::WaitOver(query, attempt) => self.api.wait_over(query, attempt, ctx),
            QueryTask::WriteSideAsked(asked, Errand::Position) => {
                let token = services.position(&asked, shelf.sources.store, ctx);
                let back = to_write_side(&asked, 2, ctx);
                let known = Box::new(Asked { token, left: ctx.now, ..*asked });
                ctx.at(ctx.now + back, Task::Query(QueryTask::PositionKnown(known)));
            }
            QueryTask::WriteSideAsked(asked, errand) => services.look(asked, errand, shelf.sources.store, ctx),
            QueryTask::WriteSideLooked(asked, errand) => {
                let row = services.looked(&asked, shelf.sources.store, ctx);
                self.api.pass_on(*asked, errand, row, ctx);
            }
            QueryTask::CacheLooked(asked) => self.api.cache_looked(asked, ctx),
            QueryTask::CopyArrives(model, keeper) => self.api.copy_arrived(model, keeper, ctx),
            QueryTask::CopyMissed(model, keeper) => self.api.copy_missed(model, keeper),
            QueryTask::PositionKnown(asked) => self.api.position_known(asked, shelf, ctx),
            QueryTask::Vanishes(_) | QueryTask::AnswerVanishes(_) => {}
        }
    }

    /// Does what is due about an answer that is being composed.
    fn compose(&mut self, task: ComposeTask, services: &mut Services, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        let answer = match task {
            ComposeTask::Arrives(call) => return services.call(call, shelf.sources.store, ctx),
            ComposeTask::Looked(call) => return services.called(*call, shelf.sources.store, ctx),
            ComposeTask::Replies(told) => return self.composer.replied(*told, ctx),
            ComposeTask::TimesOut(query, attempt) => self.composer.timed_out(query, attempt, ctx),
            ComposeTask::Joined(query, attempt) => self.composer.joined(query, attempt, ctx),
        };
        answer.into_iter().for_each(|reply| self.api.pass_on_composed(reply, ctx));
    }

    /// Does what is due about rights.
    pub fn at_the_door(&mut self, task: DoorTask, services: &Services, ctx: &mut Context<'_>) {
        match task {
            DoorTask::Arrives(asked) => {
                let rights = services.customers.rights(asked.session);
                doorkeeper::answer(asked, rights, ctx);
            }
            DoorTask::Replies(asked) => {
                let admitted = self.door.replied(asked, ctx);
                admitted.into_iter().for_each(|asked| self.api.receive(asked, ctx));
            }
            DoorTask::TimesOut(query, attempt) => {
                let unproven = self.door.timed_out(query, attempt);
                unproven.into_iter().for_each(|asked| self.api.forbid(*asked, Forbidden::Unproven, ctx));
            }
        }
    }

    /// How many queries are planned, on their way, or waiting anywhere.
    pub fn backlog(&self) -> usize {
        self.clients.open() + self.door.waiting() + self.api.waiting() + self.composer.waiting()
    }
}

/// Does the contract send this query to the write side? Only what is about one aggregate may go there.
pub fn is_for_the_write_side(asked: &Asked, options: &Options) -> bool {
    asked.contract(options) == Contract::CommandSideRead && asked.query.one().is_some()
}
