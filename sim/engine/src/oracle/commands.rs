//! How the shoppers' commands fared: read off the trace of a run, so that a run that nobody measures costs nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::time::Micros;
use crate::shop::command_name::CommandName;
use crate::shop::ids::CommandId;
use crate::shop::refusal::RefusalKind;
use crate::system::commanding::Commanding;
use crate::system::exchange::Exchange;
use crate::system::place::Reader;
use crate::system::trace::{Trace, What};

/// What became of the shoppers' commands, and what it cost in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Commands {
    /// How many were sent.
    pub sent: u64,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were refused by a rule.
    pub refused: u64,
    /// How many failed because a service that was needed did not answer.
    pub failed: u64,
    /// How often they were sent, further tries included.
    pub attempts: u64,
    /// Commands that came again and got the old answer.
    pub repeated: u64,
    /// How often a handler found that a row had changed since it read it, or since its command's sender did.
    pub conflicts: u64,
    /// How often a handler did not find that, and wrote over it.
    pub overwrites: u64,
    /// How often a command was taken in, to be decided later (202).
    pub taken_in: u64,
    /// How often senders have asked what had become of one.
    pub status_questions: u64,
    /// How many were given up by their sender without an answer. They have none.
    pub given_up: u64,
    /// How many were refused for each reason, as their senders were told.
    pub refusals: Refusals,
    /// How many have no answer yet.
    pub unanswered: u64,
    /// From sending to answer, over all of them.
    pub latency: Latency,
    /// The same over new orders alone: only they need other services' data.
    pub order_latency: Latency,
    /// New orders decided on data that was not the owners' at that moment.
    pub stale_decisions: u64,
    /// Those of them that the owners' data would have decided or priced otherwise.
    pub wrong_decisions: u64,
    /// New orders decided by the replica because an owner did not answer.
    pub fallbacks: u64,
    /// Messages sent.
    pub messages: Messages,
}

/// Refused commands by the kind of answer [seed 004].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Refusals {
    /// The command makes no sense by itself.
    pub shape: u64,
    /// A rule of the domain forbids it.
    pub domain_rule: u64,
    /// Whoever asked may not.
    pub authorisation: u64,
    /// It was meant for another version.
    pub version_conflict: u64,
    /// Its idempotency key belongs to another command.
    pub duplicate: u64,
    /// A service that was needed did not answer.
    pub unavailable: u64,
}

impl Refusals {
    const fn count(&mut self, kind: RefusalKind) {
        *match kind {
            RefusalKind::Shape => &mut self.shape,
            RefusalKind::DomainRule => &mut self.domain_rule,
            RefusalKind::Authorisation => &mut self.authorisation,
            RefusalKind::VersionConflict => &mut self.version_conflict,
            RefusalKind::Duplicate => &mut self.duplicate,
            RefusalKind::Unavailable => &mut self.unavailable,
        } += 1;
    }
}

/// Exact order statistics, in microseconds: of n latencies the one at rank ceil(n p / 100).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Half were answered within this.
    pub p50_us: u64,
    /// All but one in a hundred were answered within this.
    pub p99_us: u64,
}

/// Messages sent, each try and each copy that a sender made counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Messages {
    /// All of them: the ones below, and commands, answers, publications and deliveries to read models.
    pub total: u64,
    /// Questions to the owners and their replies.
    pub questions_and_replies: u64,
    /// Deliveries to the replicas.
    pub replica_deliveries: u64,
    /// Commands of the saga, and the answers to them.
    pub saga: u64,
}

/// Reads a trace, which may be of any part of a run from its beginning.
pub fn commands(trace: Trace<'_>) -> Commands {
    let mut found = Commands::default();
    let mut open: BTreeMap<CommandId, (Micros, CommandName)> = BTreeMap::new();
    let mut refusals: BTreeMap<CommandId, RefusalKind> = BTreeMap::new();
    let (mut all, mut orders) = (Vec::new(), Vec::new());
    for entry in trace {
        found.messages.count(&entry.what);
        match entry.what {
            What::CommandSent { command, name, .. } if is_shoppers(command) => {
                found.sent += 1;
                found.attempts += 1;
                open.insert(command, (entry.at, name));
            }
            What::CommandRefused { command, refusal, .. } if is_shoppers(command) => {
                found.conflicts += u64::from(refusal.kind() == RefusalKind::VersionConflict);
                refusals.insert(command, refusal.kind());
            }
            What::Answered { command } => {
                let Some((sent, name)) = open.remove(&command) else { continue };
                let refusal = refusals.remove(&command);
                refusal.into_iter().for_each(|kind| found.refusals.count(kind));
                match refusal {
                    None => found.accepted += 1,
                    Some(RefusalKind::Unavailable) => found.failed += 1,
                    Some(_) => found.refused += 1,
                }
                all.push(entry.at.since(sent));
                if name == CommandName::CreateOrder {
                    orders.push(entry.at.since(sent));
                }
            }
            What::Between(Exchange::DecidedOnOldData { otherwise, .. }) => {
                found.stale_decisions += 1;
                found.wrong_decisions += u64::from(otherwise);
            }
            What::Between(Exchange::FellBack { .. }) => found.fallbacks += 1,
            What::Between(Exchange::CommandResent { command, .. }) if is_shoppers(command) => found.attempts += 1,
            What::Between(Exchange::CommandRepeated { command, .. }) if is_shoppers(command) => found.repeated += 1,
            What::Command(Commanding::BegunAnew { .. }) => found.conflicts += 1,
            What::Command(Commanding::WroteOver { .. }) => found.overwrites += 1,
            What::Command(Commanding::TakenIn { .. }) => found.taken_in += 1,
            What::Command(Commanding::StatusAsked { .. }) => found.status_questions += 1,
            What::Command(Commanding::GivenUp { .. }) => found.given_up += 1,
            _ => {}
        }
    }
    found.unanswered = open.len() as u64;
    found.latency = Latency::of(all);
    found.order_latency = Latency::of(orders);
    found
}

const fn is_shoppers(command: CommandId) -> bool {
    command.0 < CommandId::BACK_OFFICE.0
}

impl Latency {
    /// Of these latencies, in any order.
    pub fn of(mut latencies: Vec<Micros>) -> Self {
        latencies.sort_unstable();
        let rank = |percent: usize| (latencies.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| latencies.get(rank(percent)).map_or(0, |latency| latency.0);
        Self { p50_us: at(50), p99_us: at(99) }
    }
}

impl Messages {
    fn count(&mut self, what: &What) {
        match what {
            What::Between(Exchange::Asked { .. }) | What::Between(Exchange::Replies { .. }) => {
                self.questions_and_replies += 1
            }
            What::Sent(delivered) | What::DeliveryDoubled(delivered)
                if matches!(delivered.reader, Reader::Replica(_)) =>
            {
                self.replica_deliveries += 1;
            }
            What::CommandSent { command, .. }
            | What::Between(Exchange::CommandResent { command, .. })
            | What::Answered { command }
                if command.0 >= CommandId::SAGA.0 =>
            {
                self.saga += 1;
            }
            What::CommandSent { .. }
            | What::Command(
                Commanding::TakenIn { .. } | Commanding::StatusAsked { .. } | Commanding::StillPending { .. },
            )
            | What::Between(Exchange::CommandResent { .. })
            | What::Answered { .. }
            | What::Published { .. }
            | What::Sent(_)
            | What::DeliveryDoubled(_) => {}
            _ => return,
        }
        self.total += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Latency, Micros};

    #[test]
    fn percentiles_are_members_of_the_sample() {
        let upto = |n: u64| Latency::of((1..=n).rev().map(Micros).collect());
        assert_eq!(upto(0), Latency { p50_us: 0, p99_us: 0 });
        assert_eq!(upto(1), Latency { p50_us: 1, p99_us: 1 });
        assert_eq!(upto(100), Latency { p50_us: 50, p99_us: 99 });
        assert_eq!(upto(101), Latency { p50_us: 51, p99_us: 100 });
    }
}
