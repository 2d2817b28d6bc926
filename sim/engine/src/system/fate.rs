//! The fates of this system: which questions chance answers, and how an answer is replaced.

use bitcode::{Decode, Encode};
use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kernel::distribution::Distribution;
use crate::kernel::fate::{Key, Seed, mix};
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::read_text;

use super::place::{Model, Reader, Replica};

/// What chance decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// How long a message travels, or a pause lasts.
    Delay,
    /// Whether a message arrives twice.
    Duplicate,
    /// Whether a message is lost.
    Loss,
    /// Whether a message is held back so that others pass.
    Overtake,
    /// How long handling takes.
    Service,
    /// How long saving the position takes.
    Commit,
    /// Whether, and where, an instance crashes.
    Crash,
    /// How long an instance is down.
    Restart,
    /// What a client chooses.
    Choice,
    /// How long a projection's query for customers takes.
    CustomerLookup,
    /// How long a projection's query for products takes.
    ProductLookup,
    /// Whether a reader's acknowledgement to a queue is lost.
    AckLoss,
    /// How long a reader's acknowledgement to a queue travels.
    AckDelay,
    /// Whether an event is poison for a reader: one fate for all tries, so its attempt is 1.
    Poison,
    /// Whether a single try to handle an event fails.
    Failure,
    /// How long a further try waits.
    Backoff,
    /// When within its span, and for how long, a link stops. The subject is `O-0/` and the number of the span, from 0.
    Pause,
    /// Whether a row is in a sample that looks for drift. The subject is `O-3/1` for the row of O-3 in the first sample.
    Sample,
}

/// Where chance decides it. New places come last: a place's number is part of its fates.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// In the client.
    Client,
    /// From a client to the command handler.
    Command,
    /// From the command handler to a client.
    Answer,
    /// In the command handler.
    Handler,
    /// From a commit to the relay's next look into the outbox.
    Relay,
    /// From the relay to the broker.
    Publish,
    /// From the broker back to the relay.
    Acknowledge,
    /// From the broker to the projector of the order view, and in it.
    OrderView,
    /// From the broker to the projector of the sales dashboard, and in it.
    SalesDashboard,
    /// From the broker to the feed of the product replica, and in it.
    ProductReplica,
    /// From the broker to the feed of the customer replica, and in it.
    CustomerReplica,
    /// From the command handler into another service's tables.
    SharedRead,
    /// From whoever needs data to the Product Service, and back (second try).
    AskProducts,
    /// From whoever needs data to the Customer Service, and back (second try).
    AskCustomers,
    /// From the gateway to the Order Service.
    Gateway,
    /// From the broker to the saga, and in it.
    Saga,
    /// From the saga to whoever handles its command. The subject of a command to an order or its payment is the order and
    /// 300,000,000 (charge), ...1 (confirm), ...2 (reject) or ...3 (refund); of one to a product it is the product and
    /// 300,000,000 plus twice the order's number, and one more for a release.
    SagaCommand,
    /// From whoever has handled the saga's command back to it.
    SagaAnswer,
    /// From the broker to the projector of the customer order history, and in it.
    CustomerOrderHistory,
    /// From the broker to the projector of the product search, and in it.
    ProductSearch,
    /// From the broker to the projector of the product statistics, and in it.
    ProductStats,
    /// From the broker to the projector of the order work queue, and in it.
    OrderWorkQueue,
    /// From the broker to the projector of the order view's other version, and in it.
    OrderViewV2,
    /// From the broker to the projector of the sales dashboard's other version, and in it.
    SalesDashboardV2,
    /// From the broker to the projector of the customer order history's other version, and in it.
    CustomerOrderHistoryV2,
    /// From the broker to the projector of the product search's other version, and in it.
    ProductSearchV2,
    /// From the broker to the projector of the product statistics' other version, and in it.
    ProductStatsV2,
    /// From the broker to the projector of the order work queue's other version, and in it.
    OrderWorkQueueV2,
    /// In the command handler, when it begins a command anew after a version conflict. The attempt counts how often it has, over
    /// all tries of the command: 16 for each earlier try, and one for each time in this one.
    HandlerAnew,
    /// From a client to a service, asking what has become of a command. The attempt counts the questions.
    Status,
    /// From the service back to the client, saying what has become of it.
    StatusAnswer,
    /// In a client that asks. The subject of a query of the stream is `O-0/` and its number, from 1; of a page of a walk
    /// 1,000,000,000 more, and 10,000,000 for each walk before it; of a line of the script 3,000,000,000 and its index. Of a
    /// query that follows a command it is the command's. Of its choices, try 1 is whether or what, 2 which way to choose, 3
    /// which one.
    QueryClient,
    /// From a client to the query API.
    Query,
    /// In the query API.
    QueryApi,
    /// From the query API to a client.
    QueryAnswer,
    /// From the query API to the Order Service, and back; and in it. Of the ways, tries 1 and 2 are there and back for the
    /// first try of the query, 3 and 4 for the second, and so on.
    WriteSideRead,
    /// From the primary of a read model to a replica of it. The subject is `O-0/`, the number of the fetch from 1, and 100,000,000
    /// more for each read model before it; the try is the number of the replica, from 1.
    ReadReplica,
    /// In the cache of the query API.
    QueryCache,
    /// From the query API to the Customer Service, with a question about rights. The subject is the query's.
    AskRights,
    /// From the Customer Service back to the query API.
    TellRights,
    /// From the gateway that composes answers to the Order Service, and back; and in it. The subject is the query's. Of the
    /// calls for the first try of a query, counted from 0, tries 1 and 2 are there and back with the first, 3 and 4 with the
    /// second; for each further try of the query 2,000 more.
    CallOrders,
    /// To the Product Service likewise.
    CallProducts,
    /// To the Customer Service likewise.
    CallCustomers,
    /// In that gateway, when it joins the replies. The subject is the query's.
    Compose,
    /// In the client of a command, and from its edge to the origin and back. The subject is the command's. Of its choices, tries 1
    /// and 2 are whether its client has moved and where to, for the first try of the command, 3 and 4 for the second, and so
    /// on; of the ways they are there and back in the same manner. Of the first question for what has become of a command
    /// they are 40,001 and 40,002.
    CommandEdge,
    /// In the client of a query, and from its edge to the origin and back. The subject is the query's; tries as for commands.
    QueryEdge,
    /// From the origin to an edge, with a copy of a read model. The subject is as that of a read replica's; the try is the number
    /// of the edge, from 1.
    EdgeCopy,
}

impl From<Reader> for Hop {
    fn from(reader: Reader) -> Self {
        match reader {
            Reader::Projection(Model::OrderView) => Self::OrderView,
            Reader::Projection(Model::SalesDashboard) => Self::SalesDashboard,
            Reader::Replica(Replica::Products) => Self::ProductReplica,
            Reader::Replica(Replica::Customers) => Self::CustomerReplica,
            Reader::Saga => Self::Saga,
            Reader::Projection(Model::CustomerOrderHistory) => Self::CustomerOrderHistory,
            Reader::Projection(Model::ProductSearch) => Self::ProductSearch,
            Reader::Projection(Model::ProductStats) => Self::ProductStats,
            Reader::Projection(Model::OrderWorkQueue) => Self::OrderWorkQueue,
            Reader::Second(Model::OrderView) => Self::OrderViewV2,
            Reader::Second(Model::SalesDashboard) => Self::SalesDashboardV2,
            Reader::Second(Model::CustomerOrderHistory) => Self::CustomerOrderHistoryV2,
            Reader::Second(Model::ProductSearch) => Self::ProductSearchV2,
            Reader::Second(Model::ProductStats) => Self::ProductStatsV2,
            Reader::Second(Model::OrderWorkQueue) => Self::OrderWorkQueueV2,
        }
    }
}

/// For what chance decides it: the `n`th command or event of an order, product or customer, written `O-3/1`.
///
/// It names the message by its cause, not by its position, so that it stays the same message when others come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Subject {
    /// The order, product or customer.
    pub of: Aggregate,
    /// For an event its version, for a command its number among those to the same aggregate.
    pub n: u32,
}

impl Subject {
    /// One number for each subject, whatever kind it is.
    const fn number(self) -> u64 {
        let kind: u64 = match self.of {
            Aggregate::Order(_) => 0,
            Aggregate::Product(_) => 1,
            Aggregate::Customer(_) => 2,
        };
        kind << 62 | (self.of.number() as u64) << 32 | self.n as u64
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.of, self.n)
    }
}

impl FromStr for Subject {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (of, n) = text.split_once('/').ok_or(())?;
        Ok(Self { of: of.parse()?, n: n.parse().map_err(|_| ())? })
    }
}

impl JsonSchema for Subject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Subject".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A command or an event by its cause, such as \"O-900/1\" for the order's first event.",
            "type": "string",
            "pattern": "^[OPC]-\\+?[0-9]{1,10}/\\+?[0-9]{1,10}$",
        })
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, "an order and a number, such as \"O-900/1\" for its first event")
    }
}

/// The name of one fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FateKey {
    /// What is decided.
    pub purpose: Purpose,
    /// Where.
    pub hop: Hop,
    /// For what.
    pub subject: Subject,
    /// Which try, from 1.
    pub attempt: u16,
}

/// One replaced fate: the one mechanism for every fault by hand, by lesson and by search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// What is decided.
    pub purpose: Purpose,
    /// Where.
    pub hop: Hop,
    /// For what, such as `O-900/1`: the order's first event, or its first command.
    pub subject: Subject,
    /// Which try, from 1. Default 1.
    #[serde(default = "first_attempt")]
    pub attempt: u16,
    /// What happens instead.
    pub fate: Fate,
}

const fn first_attempt() -> u16 {
    1
}

impl Override {
    /// Which fate it replaces.
    pub const fn key(&self) -> FateKey {
        FateKey { purpose: self.purpose, hop: self.hop, subject: self.subject, attempt: self.attempt }
    }
}

/// What happens instead of what chance would have decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It does not happen.
    Never,
    /// It happens.
    Happens,
    /// It takes this long.
    Takes(Micros),
    /// An instance crashes here.
    Crash(CrashPoint),
}

/// Where an instance can crash while it handles an event.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
pub enum CrashPoint {
    /// Before the write.
    BeforeWrite,
    /// Between the write and the saving of the position, whichever comes first.
    Between,
    /// After both.
    AfterCommit,
}

/// Answers every question of chance in a run.
#[derive(Clone, Debug)]
pub struct Fates {
    seed: Seed,
    overrides: Arc<BTreeMap<FateKey, Fate>>,
}

impl Fates {
    /// The fates of a seed, with some of them replaced.
    pub fn new(seed: Seed, overrides: &[Override]) -> Self {
        Self { seed, overrides: Arc::new(overrides.iter().map(|one| (one.key(), one.fate)).collect()) }
    }

    /// Replaces one more fate.
    pub fn replace(&mut self, one: Override) {
        Arc::make_mut(&mut self.overrides).insert(one.key(), one.fate);
    }

    /// How long it takes.
    pub fn span(&self, key: FateKey, distribution: &Distribution) -> Micros {
        match (self.replaced(key), distribution) {
            (Some(Fate::Takes(span)), _) => span,
            // A constant needs no chance.
            (_, Distribution::Constant { value }) => *value,
            _ => distribution.sample(self.draw(key)),
        }
    }

    /// Whether it happens; with `faults` off it happens only where an override says so.
    pub fn happens(&self, key: FateKey, probability: Probability, faults: bool) -> bool {
        match self.replaced(key) {
            Some(Fate::Happens) => true,
            Some(Fate::Never) => false,
            _ => faults && probability != Probability::NEVER && probability.hit_by(self.draw(key)),
        }
    }

    /// Whether and where an instance crashes, given the probability of each point.
    pub fn crash(&self, key: FateKey, points: [(CrashPoint, Probability); 3], faults: bool) -> Option<CrashPoint> {
        match self.replaced(key) {
            Some(Fate::Crash(point)) => return Some(point),
            Some(Fate::Never) => return None,
            _ if !faults || points.iter().all(|(_, probability)| *probability == Probability::NEVER) => {
                return None;
            }
            _ => {}
        }
        let mut bits = self.draw(key);
        points.into_iter().find_map(|(point, probability)| {
            bits = mix(bits);
            probability.hit_by(bits).then_some(point)
        })
    }

    /// A number below `n`.
    pub fn pick(&self, key: FateKey, n: u32) -> u32 {
        let scaled = (u128::from(self.draw(key)) * u128::from(n)) >> 64;
        u32::try_from(scaled).unwrap_or(0)
    }

    fn replaced(&self, key: FateKey) -> Option<Fate> {
        if self.overrides.is_empty() { None } else { self.overrides.get(&key).copied() }
    }

    fn draw(&self, key: FateKey) -> u64 {
        self.seed.draw(Key {
            purpose: key.purpose as u8,
            hop: key.hop as u8,
            attempt: key.attempt,
            subject: key.subject.number(),
        })
    }
}
