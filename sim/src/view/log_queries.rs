//! Queries in words.

use crate::shop::aggregate::Aggregate;
use crate::system::queries::reading::Reading;

use super::log::nth;

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
        Reading::FoundStale { query, of } => format!("the answer to {query} is stale{}", about(of)),
        Reading::FoundWrong { query, of } => format!("the answer to {query} is wrong{}", about(of)),
    }
}

fn counted(rows: u16) -> String {
    match rows {
        0 => "no row".to_owned(),
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}

fn about(of: Option<Aggregate>) -> String {
    of.map(|of| format!(" about {of}")).unwrap_or_default()
}
