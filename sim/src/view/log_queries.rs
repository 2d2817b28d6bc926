//! Queries in words.

use crate::shop::aggregate::Aggregate;
use crate::system::place::Reader;
use crate::system::queries::message::Errand;
use crate::system::queries::reading::Reading;
use crate::system::trace::Promise;
use crate::view::words::{nth, plural};

use super::{log_composing, log_sights};

/// The words for an entry.
pub fn told(what: Reading) -> String {
    match what {
        Reading::Asked { query, session, model, of: Some(of) } => {
            format!("{session} asks the {model} for {of}: {query}")
        }
        Reading::Asked { query, session, model, of: None } => format!("{session} asks the {model} for a list: {query}"),
        Reading::AskedAgain { query, attempt } => format!("{query} is asked again, {} try", nth(attempt)),
        Reading::QueryLost { query } => format!("{query} will be lost on the way"),
        Reading::Arrived { query } => format!("{query} reaches the query API"),
        Reading::Served { query, rows, lag } => {
            format!("query API answers {query} with {}, {lag} behind the log", counted(rows))
        }
        Reading::AnswerLost { query } => format!("the answer to {query} will be lost on the way"),
        Reading::Answered { query } => format!("the answer to {query} is there"),
        Reading::TimedOut { query, last: false } => format!("nobody waits any longer for this try of {query}"),
        Reading::TimedOut { query, last: true } => format!("nobody waits any longer for {query}"),
        Reading::FoundStale { query, of, said: false } => format!("the answer to {query} is stale{}", about(of)),
        Reading::FoundStale { query, of, said: true } => {
            format!("the answer to {query} is stale{}, and says so", about(of))
        }
        Reading::FoundWrong { query, of } => format!("the answer to {query} is wrong{}", about(of)),
        Reading::Sight(sight) => log_sights::told(sight),
        Reading::Composing(composing) => log_composing::told(composing),
        other => told_of_contracts(other),
    }
}

fn told_of_contracts(what: Reading) -> String {
    match what {
        Reading::Waits { query } => format!("{query} waits until the model has come far enough"),
        Reading::Pending { query } => {
            format!("the answer to {query} says that the client's own write is still pending")
        }
        Reading::NotYet { query } => format!("query API says not yet to {query}, and when to ask again"),
        Reading::TurnedAway { query } => format!("query API refuses {query}: the model is too far behind"),
        Reading::Refused { query } => format!("the client of {query} gets no answer"),
        Reading::AsksWriteSide { query, errand } => match errand {
            Errand::Position => format!("query API asks the order service how far it is, for {query}"),
            Errand::Redirect => format!("query API sends {query} on to the order service: the model is too old"),
            Errand::Fallback => format!("query API sends {query} on to the order service: the model has no such row"),
            Errand::Direct => format!("{query} goes to the order service"),
            Errand::Composed => format!("{query} goes to the services"),
        },
        Reading::WriteSideLooked { query } => format!("order service has looked up what {query} asks for"),
        Reading::WalkEnded { query, repeated: 0, skipped: 0 } => {
            format!("the last page is there with {query}: nothing was repeated or left out")
        }
        Reading::WalkEnded { query, repeated, skipped } => {
            format!("the last page is there with {query}: {repeated} repeated and {skipped} left out")
        }
        Reading::FromCache { query } => format!("the cache has an answer to {query}"),
        Reading::FromReplica { query, replica } => format!("read replica {replica} is asked for {query}"),
        Reading::ReplicaFollowed { model, replica } => format!("read replica {replica} of the {model} has caught up"),
        Reading::ReplicaFetches { model, replica } => {
            format!("a newer state of the {model} leaves for its read replica {replica}")
        }
        _ => String::new(),
    }
}

/// A promise to those who ask that was broken.
pub fn broken(promise: Promise, reader: Reader, of: Aggregate) -> String {
    match promise {
        Promise::ReadYourWrites => format!("the session that wrote {of} does not find its own write in the {reader}"),
        Promise::MonotonicReads => format!("a session sees {of} in the {reader} older than it has seen it"),
        Promise::StalenessWithinBound => format!("an answer of the {reader} is older than the bound"),
        _ => String::new(),
    }
}

pub(super) fn counted(rows: u16) -> String {
    if rows == 0 { "no row".to_owned() } else { plural(rows, "row") }
}

fn about(of: Option<Aggregate>) -> String {
    of.map(|of| format!(" about {of}")).unwrap_or_default()
}
