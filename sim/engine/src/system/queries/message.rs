//! A query on its way, and its answer.

use bitcode::{Decode, Encode};
use core::fmt;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::customer::rights::{Forbidden, Rights};
use crate::shop::ids::{CustomerId, EventId, Version};
use crate::system::edges::edge_id::EdgeId;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::options::{Contract, Options};
use crate::system::place::{Model, PartitionId, Service};

use super::call::ComposeTask;
use super::keeper::Keeper;
use super::page::{Page, Part};
use super::question::Query;
use super::session::Session;

/// The name of a query, `q7`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct QueryId(pub u32);

impl fmt::Display for QueryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}", self.0)
    }
}

/// A query on its way to the API, or there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Its name.
    pub id: QueryId,
    /// Its name for fates: the same whatever else is asked.
    pub subject: Subject,
    /// Who asks: one session for each customer.
    pub session: CustomerId,
    /// What is asked.
    pub query: Query,
    /// Which part of the list, where it is one.
    pub part: Part,
    /// The walk that it is a page of, if it is one.
    pub walk: Option<u32>,
    /// When it left.
    pub sent: Micros,
    /// Which try, from 1.
    pub attempt: u16,
    /// What its client wants to be promised of the answer; none where that is what the API promises everybody.
    pub wants: Option<Contract>,
    /// What the answer has to include, where the client or the API demands something.
    pub token: Token,
    /// What the session knew when it asked.
    pub known: Arc<Session>,
    /// Whose rows it is answered from, once that is chosen.
    pub keeper: Keeper,
    /// The edge that it came by, if it came by one: the answer goes back there.
    pub edge: Option<EdgeId>,
    /// What the Customer Service says that the asker may see; the outer `None` where it was not asked.
    pub rights_told: Option<Option<Rights>>,
    /// When it left for where it is on its way to now, beyond the API.
    pub left: Micros,
}

/// How far the model that answers has to be: the catch-up token [seed 004].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Token {
    /// The version that the one order asked for must have; 0 is none.
    pub version: Version,
    /// The event up to which a model that is asked for a list must have everything; 0 is none.
    pub position: EventId,
}

impl Asked {
    /// The name of one of its fates.
    pub const fn key(&self, purpose: Purpose, hop: Hop) -> FateKey {
        FateKey { purpose, hop, subject: self.subject, attempt: self.attempt }
    }

    /// What is promised of its answer.
    pub fn contract(&self, options: &Options) -> Contract {
        self.wants.unwrap_or(options.queries.consistency.contract)
    }
}

/// How new an answer says that it is: what the API knows about the model that it has read [seed 004]. It goes by the log, so
/// it does not know of events that have not come there yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// For each partition that the model follows, the offset below which everything is done. Empty for a model that is
    /// written with the command.
    pub positions: Vec<(PartitionId, u32)>,
    /// Everything that was committed before this moment is in the answer, as far as the log shows.
    pub at: Micros,
    /// How long that was before the answer was made.
    pub lag: Micros,
    /// Every event up to this one, of those that the model follows, is in the answer.
    pub position: EventId,
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It has rows, or says that there are none.
    Rows,
    /// It has rows, and says that the client's own write is not in them yet.
    Pending,
    /// The model is not there yet: the client is to ask again.
    NotYet,
    /// The model is not there yet, and the API does not answer.
    Refused,
    /// It is not for the asker.
    Forbidden(Forbidden),
    /// It has rows, and says what is missing in them because a service did not reply.
    Partial,
    /// A service that has to be asked did not reply.
    Failed,
}

/// Why the write side is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Errand {
    /// The client asks it for one aggregate, by contract.
    Direct,
    /// The read model does not have what is asked for.
    Fallback,
    /// The read model is too old.
    Redirect,
    /// Everything that is committed has to be in the answer, so somebody has to say what that is.
    Position,
    /// Several services are asked, and the answer is joined of what they say.
    Composed,
}

/// An answer on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    /// What was asked.
    pub asked: Asked,
    /// The rows; none where one order was asked for and is not there.
    pub page: Page,
    /// How new it says that it is.
    pub as_of: AsOf,
    /// What it comes to.
    pub outcome: Outcome,
    /// Why the write side was asked, if the answer is from there: it is flagged as such.
    pub errand: Option<Errand>,
    /// Is it from the cache?
    pub cached: bool,
    /// When it left.
    pub sent: Micros,
}

impl Reply {
    /// Was it composed of what several services said?
    pub const fn is_composed(&self) -> bool {
        matches!(self.errand, Some(Errand::Composed))
    }

    /// Was it made of the primary's rows as they were when it left?
    pub const fn is_first_hand(&self) -> bool {
        !self.cached && matches!(self.asked.keeper, Keeper::Primary) && !self.is_composed()
    }
}

/// What can be on the agenda about queries.
#[derive(Clone, Debug)]
pub enum QueryTask {
    /// A client of the stream asks its next query.
    Next,
    /// A client sends the scripted query with this index.
    Scripted(u32),
    /// A client asks what it has planned.
    Begins(Box<Asked>),
    /// A query reaches the API.
    Arrives(Box<Asked>),
    /// The API has worked on a query for as long as that takes.
    Served(Box<Asked>),
    /// An answer reaches the client.
    Answers(Arc<Reply>),
    /// A client has waited long enough for an answer to this try.
    TimesOut(QueryId, u16),
    /// A client that was told to ask again later does so, with this try.
    AsksAgain(QueryId, u16),
    /// The API has kept this try of a query waiting for as long as it may.
    WaitOver(QueryId, u16),
    /// A question about a query reaches the Order Service.
    WriteSideAsked(Box<Asked>, Errand),
    /// The Order Service has looked for as long as that takes.
    WriteSideLooked(Box<Asked>, Errand),
    /// What the Order Service says of its position is back at the API.
    PositionKnown(Box<Asked>),
    /// The cache has been looked into.
    CacheLooked(Box<Asked>),
    /// The state of a read model's primary reaches a copy of it.
    CopyArrives(Model, Keeper),
    /// The state of a read model's primary was lost on its way to a copy, and may be sent again.
    CopyMissed(Model, Keeper),
    /// Something about an answer that is being composed.
    Compose(ComposeTask),
    /// A query that was lost would have arrived now. Nothing happens; it is here to be seen.
    Vanishes(Box<Asked>),
    /// An answer that was lost would have arrived now.
    AnswerVanishes(Arc<Reply>),
}

impl QueryTask {
    /// The service that works on it now, if one does.
    pub const fn with(&self) -> Option<Service> {
        match self {
            Self::WriteSideLooked(..) => Some(Service::Orders),
            Self::Compose(task) => task.with(),
            _ => None,
        }
    }

    /// The edge that does it, if one does.
    pub fn at_edge(&self) -> Option<EdgeId> {
        match self {
            Self::Served(asked) => asked.keeper.edge(),
            Self::CopyArrives(_, keeper) => keeper.edge(),
            _ => None,
        }
    }

    /// The service that does it, if one does.
    pub const fn at(&self) -> Option<Service> {
        match self {
            Self::WriteSideAsked(..) => Some(Service::Orders),
            Self::Compose(task) => task.at(),
            _ => self.with(),
        }
    }
}
