//! What a hand can do to a running system: to a single message on its way, to a node, to a link. Words only; the world does
//! what they say.

use bitcode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::money::Cents;
use crate::shop::order::status::Status;

use super::command_side::saga::courier;
use super::edges::EdgeTask;
use super::edges::load::Load;
use super::event_store::EventStore;
use super::fate::{Hop, Subject};
use super::node::Node;
use super::place::Model;
use super::task::Task;

/// The name of a message on its way, or held: its link, what it is about, and which try it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The link: `command`, `gateway`, `answer`, `publish`, `acknowledge`, `saga_command` and `saga_answer` for commands to
    /// services and their answers, or a reader for deliveries to it.
    pub hop: Hop,
    /// What it is about, such as `O-900/1`: the order's first event, or its first command.
    pub subject: Subject,
    /// Which try, from 1. Commands of clients have further ones only where clients send again. Default 1.
    #[serde(default = "first_attempt")]
    pub attempt: u16,
}

const fn first_attempt() -> u16 {
    1
}

impl Message {
    /// The name of the message that a task is the arrival of, if it is one.
    pub fn of(task: &Task, store: &EventStore) -> Option<Self> {
        match task {
            Task::Edge(EdgeTask::Reaches(Load::Command(one), _)) => {
                Some(Self { hop: Hop::Command, subject: one.subject, attempt: one.attempt })
            }
            Task::Edge(EdgeTask::Returns(Load::Answer(answer), _)) if !answer.request.taken_in => {
                let one = &answer.request;
                Some(Self { hop: Hop::Answer, subject: one.subject, attempt: one.attempt })
            }
            Task::CommandArrives(one) if courier::sent(one.id) => {
                Some(Self { hop: Hop::SagaCommand, subject: one.subject, attempt: one.attempt })
            }
            Task::CommandArrives(one) if one.learned.is_some() => {
                Some(Self { hop: Hop::Gateway, subject: one.subject, attempt: one.attempt })
            }
            Task::CommandArrives(one) => Some(Self { hop: Hop::Command, subject: one.subject, attempt: one.attempt }),
            Task::AnswerArrives(answer) if courier::sent(answer.request.id) => {
                let one = &answer.request;
                Some(Self { hop: Hop::SagaAnswer, subject: one.subject, attempt: one.attempt })
            }
            Task::AnswerArrives(answer) => {
                let one = &answer.request;
                let hop = if one.taken_in { Hop::StatusAnswer } else { Hop::Answer };
                Some(Self { hop, subject: one.subject, attempt: one.attempt })
            }
            Task::PublicationArrives(one) => {
                let subject = store.event(one.event).subject();
                Some(Self { hop: Hop::Publish, subject, attempt: one.attempt })
            }
            Task::AcknowledgementArrives { event, attempt, .. } => {
                Some(Self { hop: Hop::Acknowledge, subject: store.event(*event).subject(), attempt: *attempt })
            }
            Task::DeliveryArrives(one) => {
                let subject = store.event(one.event).subject();
                Some(Self { hop: one.reader.into(), subject, attempt: one.attempt })
            }
            _ => None,
        }
    }
}

/// What is done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MessageAct {
    /// It is lost on the way. Whoever misses it does what he does after any loss.
    Drop,
    /// A second copy arrives a little later. An answer to a client can not be doubled: it waits for one. Nor can a
    /// command on its way to the gateway, which asks once for each.
    Duplicate,
    /// It is kept until it is released.
    Hold,
    /// It was held, and arrives now.
    Release,
    /// It arrives so much later, and what follows it can pass.
    LetOthersPass {
        /// By how much, up to 1 hour.
        by: Micros,
    },
}

/// What is done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NodeAct {
    /// It loses what it has in memory, and comes back after a while.
    Crash {
        /// After how long it comes back, from 1 ms to 1 hour. Default 5 s.
        #[serde(rename = "for", default = "a_while")]
        lasts: Micros,
    },
    /// It does nothing for a while, and then goes on as if nothing had been.
    Pause {
        /// After how long it goes on, from 1 ms to 1 hour. Default 5 s.
        #[serde(rename = "for", default = "a_while")]
        lasts: Micros,
    },
    /// It comes back, or goes on, now.
    Restart,
}

/// What is done to a link, one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LinkAct {
    /// What leaves from now on is lost. At the end of a run every link is healed.
    Cut {
        /// For how long, from 1 ms to 1 hour. Default 5 s.
        #[serde(rename = "for", default = "a_while")]
        lasts: Micros,
    },
    /// It carries messages again.
    Heal,
}

const fn a_while() -> Micros {
    Micros::from_secs(5)
}

/// One thing that a hand does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Hand {
    /// To a message on its way, or held.
    Message {
        /// Which.
        which: Message,
        /// What is done to it.
        act: MessageAct,
    },
    /// To a node.
    Node {
        /// Which.
        which: Node,
        /// What is done to it.
        act: NodeAct,
    },
    /// To the link from one node to another, as a cut has it.
    Link {
        /// Where messages come from.
        from: Node,
        /// Where they go.
        to: Node,
        /// What is done to it.
        act: LinkAct,
    },
    /// To the versions of a read model.
    Model {
        /// Which.
        which: Model,
        /// What is done to it.
        act: ModelAct,
    },
    /// To a row of the version of a read model that serves, past its projection. No event says so.
    Row {
        /// In which read model.
        which: Model,
        /// The row; none for a model that is one row.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "aggregate_name")]
        of: Option<Aggregate>,
        /// What is done to it.
        act: RowAct,
    },
}

/// What is done to a row. What the model does not show can not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RowAct {
    /// It is deleted: from the order view or the work queue.
    Delete,
    /// The units in it are so many: in the order view, the dashboard or the product statistics.
    SetUnits(i64),
    /// The amount in it is this: the total of an order, the dashboard's revenue, or the price in the product search.
    SetCents(Cents),
    /// The status in it is this: in the order view or the order history.
    SetStatus(Status),
}

/// An aggregate by its name, such as `O-3`.
mod aggregate_name {
    use serde::{Deserializer, Serialize as _, Serializer};

    use crate::shop::aggregate::Aggregate;
    use crate::shop::ids::read_text;

    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over references, and what is trivial depends on the machine"
    )]
    pub(super) fn serialize<S: Serializer>(of: &Option<Aggregate>, serializer: S) -> Result<S::Ok, S::Error> {
        of.map(|of| of.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Aggregate>, D::Error> {
        read_text(deserializer, "an order, a product or a customer, such as \"O-3\"").map(Some)
    }
}

/// What is done to the versions of a read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ModelAct {
    /// It is built anew, as its options say.
    Rebuild,
    /// The version that was built begins to serve, however the comparison came out.
    Switch,
    /// The version that served before serves again.
    RollBack,
    /// The version that does not serve is removed.
    Retire,
    /// It stops serving: whoever asks is turned away, which is better than a wrong answer.
    PauseServing,
    /// It serves again.
    ResumeServing,
}
