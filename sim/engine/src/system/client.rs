//! The clients: they place orders, wait for the answer, think, and make the next move.
//!
//! What they choose is a fate like any other, so the same customers do the same things in every variant of a run.

use crate::kernel::time::Micros;
use crate::shop::actor::Actor;
use crate::shop::aggregate::Aggregate;
use crate::shop::command::Command;
use crate::shop::customer::command::CustomerCommand;
use crate::shop::ids::{CommandId, CustomerId, KeyId, OrderId, ProductId, Version};
use crate::shop::money::Cents;
use crate::shop::order::command::OrderCommand;
use crate::shop::order::event::Line;
use crate::shop::product::command::ProductCommand;

use super::by_order::ByOrder;
use super::client_task::ClientTask;
use super::commanding::Commanding;
use super::context::Context;
use super::edges::edge_id::EdgeId;
use super::fate::{FateKey, Hop, Purpose, Subject};
use super::headers::{Headers, Key, Trail};
use super::options::{Act, Answers, Item, Scripted};
use super::patience::Patience;
use super::sign_in;
use super::task::{Answer, Request, Task};
use super::trace::What;

/// What a client does with its order, in this order of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// Place it.
    Create,
    /// Add an item.
    Add,
    /// Take that item out again.
    Remove,
    /// Cancel it.
    Cancel,
    /// The shop ships it.
    Ship,
    /// It arrives.
    Deliver,
}

/// The clients of the shop.
#[derive(Clone, Debug)]
pub struct Clients {
    orders_placed: u32,
    commands_sent: u32,
    patience: Patience,
    /// The version of each order as the last answer told it; kept where clients send it along.
    known: ByOrder<Option<Version>>,
    /// The first command that was sent to each order: every later one belongs to its story. 0 for none.
    began: ByOrder<CommandId>,
    /// Is the next order of the workload planned?
    next_planned: bool,
    /// Commands without an answer, moves that are planned, and script lines that are to come.
    open: u32,
    /// When the last client had nothing left to do.
    finished_at: Option<Micros>,
}

/// What a sender writes on a command on purpose.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    key: Option<KeyId>,
    expected: Option<Version>,
    actor: Option<Actor>,
}

/// What the shop sells to clients of the workload: product and price.
pub const ASSORTMENT: [(ProductId, Cents); 6] = [
    (ProductId(100), Cents(4_999)),
    (ProductId(200), Cents(7_999)),
    (ProductId(150), Cents(5_999)),
    (ProductId(42), Cents(1_250)),
    (ProductId(7), Cents(2_495)),
    (ProductId(310), Cents(11_900)),
];

/// Script lines get subjects of their own, so that they share no fate with the workload's commands.
const SCRIPT_SUBJECTS: u32 = 1_000;
/// So do commands that are sent by hand.
const HAND_SUBJECTS: u32 = 400_000_000;

impl Clients {
    /// Clients that have not started, of orders numbered from `first` on; schedules their first moves.
    pub fn start(first: u32, ctx: &mut Context<'_>) -> Self {
        let workload = &ctx.options.workload;
        let mut clients = Self {
            orders_placed: 0,
            commands_sent: 0,
            patience: Patience::default(),
            known: ByOrder::from_order(ctx.options.workload.first_order),
            began: ByOrder::from_order(first),
            next_planned: false,
            open: 0,
            finished_at: None,
        };
        for (line, at) in (0..).zip(workload.script.iter().map(|scripted| scripted.at).collect::<Vec<_>>()) {
            clients.open += 1;
            ctx.at(at, Task::Scripted(line));
        }
        clients.plan_next_order(ctx);
        clients.note_if_finished(ctx.now);
        clients
    }

    /// When the clients had nothing left to do, if they have.
    pub const fn finished_at(&self) -> Option<Micros> {
        self.finished_at
    }

    /// How many commands they have sent.
    pub const fn commands_sent(&self) -> u32 {
        self.commands_sent
    }

    /// How many of their moves are planned or unanswered.
    pub const fn open(&self) -> u32 {
        self.open
    }

    fn plan_next_order(&mut self, ctx: &mut Context<'_>) {
        let workload = &ctx.options.workload;
        if self.next_planned || self.orders_placed >= workload.orders {
            return;
        }
        let order = OrderId(workload.first_order + self.orders_placed);
        let gap = ctx.fates.span(key(Purpose::Delay, order, Move::Create), &workload.gap);
        self.open += 1;
        self.next_planned = true;
        self.finished_at = None;
        ctx.at(ctx.now + gap, Task::NextOrder);
    }

    /// Goes on under changed options: there may be more orders to place than before.
    pub fn go_on(&mut self, ctx: &mut Context<'_>) {
        self.plan_next_order(ctx);
    }

    /// Places the next order of the workload.
    pub fn place_next(&mut self, ctx: &mut Context<'_>) {
        self.open -= 1;
        self.next_planned = false;
        let order = OrderId(ctx.options.workload.first_order + self.orders_placed);
        self.orders_placed += 1;
        self.make_move(order, Move::Create, ctx);
        self.plan_next_order(ctx);
    }

    /// Makes a planned move.
    pub fn planned_move(&mut self, order: OrderId, next: Move, ctx: &mut Context<'_>) {
        self.open -= 1;
        self.make_move(order, next, ctx);
    }

    fn make_move(&mut self, order: OrderId, next: Move, ctx: &mut Context<'_>) {
        let command = match next {
            Move::Create => OrderCommand::CreateOrder {
                customer: chosen_customer(order, ctx),
                lines: (1..=1 + pick(order, 1, u32::from(ctx.options.workload.lines_max), ctx))
                    .map(|number| chosen_line(order, number, ctx))
                    .collect(),
            },
            Move::Add => OrderCommand::AddItem { line: chosen_line(order, 20, ctx) },
            // Lines are numbered in the order they were added, so the added one is the last.
            Move::Remove => OrderCommand::RemoveItem { number: added_line_number(order, ctx) },
            Move::Cancel => OrderCommand::CancelOrder,
            Move::Ship => OrderCommand::ShipOrder,
            Move::Deliver => OrderCommand::DeliverOrder,
        };
        let command = Command::Order(command);
        let subject = Subject { of: order.into(), n: next as u32 + 1 };
        let expected = if ctx.options.order_service.commands.if_match { self.known_version(order) } else { None };
        self.send(subject, command, Some(next), Wanted { expected, ..Wanted::default() }, ctx);
    }

    /// Sends a line of the script.
    pub fn scripted(&mut self, line: u32, ctx: &mut Context<'_>) {
        self.open -= 1;
        let Some(scripted) = ctx.options.workload.script.get(line as usize) else {
            return;
        };
        self.send_line(scripted, SCRIPT_SUBJECTS + line, ctx);
    }

    /// Sends a command at once, because a person wants it.
    pub fn by_hand(&mut self, line: &Scripted, ctx: &mut Context<'_>) {
        // Whoever had nothing left to do has a command to wait for now.
        self.finished_at = None;
        self.send_line(line, HAND_SUBJECTS + self.commands_sent, ctx);
    }

    fn send_line(&mut self, line: &Scripted, n: u32, ctx: &mut Context<'_>) {
        let wanted = Wanted { key: line.idempotency_key, expected: line.expected_version, actor: line.actor };
        self.send(Subject { of: line.to, n }, asked(&line.act), None, wanted, ctx);
    }

    fn send(&mut self, subject: Subject, command: Command, made: Option<Move>, wanted: Wanted, ctx: &mut Context<'_>) {
        self.commands_sent += 1;
        self.open += 1;
        let id = CommandId(self.commands_sent);
        ctx.record(What::CommandSent { command: id, of: subject.of, name: command.name() });
        let actor = wanted.actor.or_else(|| sign_in::usual(&command, subject.of, ctx));
        let key = wanted.key.map_or(Key::Own(id), Key::Named);
        let trail = self.trail(id, subject.of);
        let headers = Headers { key, expected: wanted.expected, actor, edge: None, trail };
        let api = &ctx.options.order_service;
        let request = Request {
            id,
            subject,
            of: subject.of,
            command,
            made,
            sent: ctx.now,
            attempt: 1,
            learned: None,
            headers,
            loaded: None,
            begun_anew: 0,
            begun_after_crash: 0,
            patient: api.commands.retries > 0 || api.answers == Answers::Accepted,
            taken_in: false,
        };
        self.patience.send(request, ctx);
    }

    /// A command to an order goes on with the story of that order; any other begins one.
    fn trail(&mut self, command: CommandId, of: Aggregate) -> Trail {
        let Aggregate::Order(order) = of else { return Trail::begins(command) };
        let began = self.began.entry(order);
        if *began == CommandId(0) {
            *began = command;
        }
        Trail::begins(*began)
    }

    /// The command with which an order's story began, if one was sent.
    pub fn began(&self, order: OrderId) -> Option<CommandId> {
        self.began.get(order).copied().filter(|command| *command != CommandId(0))
    }

    /// Does what is due at a client.
    pub fn perform(&mut self, task: ClientTask, ctx: &mut Context<'_>) {
        match task {
            ClientTask::TimesOut(command, attempt) => {
                if self.patience.timed_out(command, attempt, ctx) {
                    self.waits_no_longer(ctx.now);
                }
            }
            ClientTask::TakenInArrives(request) => self.patience.taken_in(&request, ctx),
            ClientTask::AsksForStatus(command, number) => {
                if self.patience.ask_for_status(command, number, ctx) {
                    self.waits_no_longer(ctx.now);
                }
            }
            // The service's part: the world has given it to the service.
            ClientTask::StatusAsked(_) => {}
            ClientTask::CommandVanishes(request) => self.never_answered(&request, ctx.now),
            ClientTask::AnswerVanishes(answer) => self.never_answered(&answer.request, ctx.now),
        }
    }

    /// Takes an answer and plans the next move.
    pub fn answered(&mut self, answer: &Answer, ctx: &mut Context<'_>) {
        let command = answer.request.id;
        let asked = if answer.request.patient { self.patience.answered(command) } else { None };
        if answer.request.patient && asked.is_none() {
            let attempt = answer.request.attempt;
            return ctx.record(What::Command(Commanding::AnswerTooLate { command, attempt }));
        }
        self.open -= 1;
        ctx.record(What::Answered { command });
        let made = asked.map_or(answer.request.made, |asked| asked.made);
        if let (Some(made), Aggregate::Order(order)) = (made, answer.request.of) {
            if ctx.options.order_service.commands.if_match && answer.version.is_some() {
                *self.known.entry(order) = answer.version;
            }
            self.plan_after(order, made, answer.outcome.is_ok(), ctx);
        }
        self.note_if_finished(ctx.now);
    }

    /// A command, or its answer, is lost. Whoever will not send it again waits no longer.
    pub fn never_answered(&mut self, request: &Request, now: Micros) {
        if !request.patient {
            self.waits_no_longer(now);
        }
    }

    /// The client of a command gives it up, and does not go on with that order.
    fn waits_no_longer(&mut self, now: Micros) {
        self.open -= 1;
        self.note_if_finished(now);
    }

    /// A command was doubled on its way, so one more answer will come. A client that may send again takes only the first.
    pub fn expects_one_more(&mut self, request: &Request) {
        if !super::back_office::sent(request.id) && !request.patient {
            self.open += 1;
        }
    }

    /// A command has gone to an edge: if no answer comes from there, its client tries another one.
    pub fn note_edge(&mut self, command: CommandId, edge: EdgeId) {
        self.patience.note_edge(command, edge);
    }

    /// The version of an order that its client knows from the last answer.
    fn known_version(&self, order: OrderId) -> Option<Version> {
        self.known.get(order).copied().flatten()
    }

    fn plan_after(&mut self, order: OrderId, made: Move, accepted: bool, ctx: &mut Context<'_>) {
        if made == Move::Create && !accepted {
            return;
        }
        let workload = &ctx.options.workload;
        let chooses = |next: Move, likely| ctx.fates.happens(key(Purpose::Choice, order, next), likely, true);
        let next = match made {
            Move::Create if chooses(Move::Add, workload.add_item) => Move::Add,
            Move::Add if chooses(Move::Remove, workload.remove_item) => Move::Remove,
            Move::Create | Move::Add | Move::Remove => {
                if chooses(Move::Cancel, workload.cancel) {
                    Move::Cancel
                } else if chooses(Move::Ship, workload.ship) {
                    Move::Ship
                } else {
                    return;
                }
            }
            Move::Ship => Move::Deliver,
            Move::Cancel | Move::Deliver => return,
        };
        let think = ctx.fates.span(key(Purpose::Delay, order, next), &workload.think);
        self.open += 1;
        ctx.at(ctx.now + think, Task::Move(order, next));
    }

    fn note_if_finished(&mut self, now: Micros) {
        if self.open == 0 {
            self.finished_at = Some(now);
        }
    }
}

fn key(purpose: Purpose, order: OrderId, next: Move) -> FateKey {
    FateKey { purpose, hop: Hop::Client, subject: Subject { of: order.into(), n: next as u32 + 1 }, attempt: 1 }
}

/// What the client chooses for the `which`th question of its order, below `n`.
fn pick(order: OrderId, which: u32, n: u32, ctx: &Context<'_>) -> u32 {
    let subject = Subject { of: order.into(), n: 100 + which };
    ctx.fates.pick(FateKey { purpose: Purpose::Choice, hop: Hop::Client, subject, attempt: 1 }, n)
}

/// Customers of the catalogue, or nameless ones where there is none.
pub(super) fn chosen_customer(order: OrderId, ctx: &Context<'_>) -> CustomerId {
    let known = &ctx.options.workload.customers;
    let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
    match known.get(pick(order, 0, count.max(1), ctx) as usize) {
        Some(customer) => customer.customer,
        None => CustomerId(100 + pick(order, 0, 40, ctx)),
    }
}

fn chosen_line(order: OrderId, number: u32, ctx: &Context<'_>) -> Line {
    let catalogue = &ctx.options.workload.products;
    let kinds = if catalogue.is_empty() { ASSORTMENT.len() } else { catalogue.len() };
    let choice = pick(order, 10 + number, u32::try_from(kinds).unwrap_or(1), ctx) as usize;
    let (product, price) = match catalogue.get(choice) {
        Some(item) => (item.product, item.price_cents),
        None => ASSORTMENT[choice % ASSORTMENT.len()],
    };
    let quantity = 1 + pick(order, 50 + number, 3, ctx);
    Line { number: u8::try_from(number).unwrap_or(u8::MAX), product, quantity, price }
}

fn added_line_number(order: OrderId, ctx: &Context<'_>) -> u8 {
    let first_lines = 1 + pick(order, 1, u32::from(ctx.options.workload.lines_max), ctx);
    u8::try_from(first_lines + 1).unwrap_or(u8::MAX)
}

/// The command that a line of the script asks for.
fn asked(act: &Act) -> Command {
    match act {
        Act::CreateOrder { customer, items } => Command::Order(OrderCommand::CreateOrder {
            customer: *customer,
            lines: (1..).zip(items).map(|(number, item)| line_of(number, item)).collect(),
        }),
        Act::AddItem { item } => Command::Order(OrderCommand::AddItem { line: line_of(0, item) }),
        Act::RemoveItem { line } => Command::Order(OrderCommand::RemoveItem { number: *line }),
        Act::CancelOrder => Command::Order(OrderCommand::CancelOrder),
        Act::ShipOrder => Command::Order(OrderCommand::ShipOrder),
        Act::DeliverOrder => Command::Order(OrderCommand::DeliverOrder),
        Act::ChangePrice { price_cents } => Command::Product(ProductCommand::ChangePrice { price: *price_cents }),
        Act::AdjustInventory { by } => Command::Product(ProductCommand::AdjustInventory { by: *by }),
        Act::DiscontinueProduct => Command::Product(ProductCommand::DiscontinueProduct),
        Act::SuspendCustomer => Command::Customer(CustomerCommand::SuspendCustomer),
        Act::ReactivateCustomer => Command::Customer(CustomerCommand::ReactivateCustomer),
        Act::ChangeMembership { membership } => {
            Command::Customer(CustomerCommand::ChangeMembership { membership: *membership })
        }
        Act::ChangeCreditLimit { credit_limit_cents } => {
            Command::Customer(CustomerCommand::ChangeCreditLimit { credit_limit: *credit_limit_cents })
        }
        Act::RenameProduct { name } => Command::Product(ProductCommand::RenameProduct { name: name.as_str().into() }),
        Act::RenameCustomer { name } => {
            Command::Customer(CustomerCommand::RenameCustomer { name: name.as_str().into() })
        }
        Act::GrantRights { rights } => Command::Customer(CustomerCommand::GrantRights { rights: *rights }),
        Act::RevokeRights => Command::Customer(CustomerCommand::RevokeRights),
    }
}

const fn line_of(number: u8, item: &Item) -> Line {
    Line { number, product: item.product, quantity: item.quantity, price: item.price_cents }
}
