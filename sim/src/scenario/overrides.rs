//! Which fates can be replaced, and by what: an override that could have no effect is refused instead of being ignored.

use crate::kernel::time::Micros;
use crate::system::fate::{Fate, Hop, Override, Purpose};

use super::error::ScenarioError;
use super::json;

/// The highest try that can be named: a message is hardly tried more often.
const ATTEMPT_MAX: u16 = 1_000;
/// The longest span that a fate can take.
const SPAN_MAX: Micros = Micros::from_secs(3_600);

/// Checks one override, which stands in this field.
///
/// # Errors
/// The part that is not allowed, with what would be.
pub fn check(field: &str, one: &Override) -> Result<(), ScenarioError> {
    let refuse = |part: &str, expected: &str, found: String| {
        Err(ScenarioError::Value { field: format!("{field}.{part}"), expected: expected.to_owned(), found })
    };
    if !(1..=ATTEMPT_MAX).contains(&one.attempt) {
        return refuse("attempt", "a whole number from 1 to 1,000", one.attempt.to_string());
    }
    if !happens_at(one.purpose, one.hop) {
        return refuse("hop", places(one.purpose), text(&one.hop));
    }
    if matches!(one.purpose, Purpose::Poison | Purpose::Pause | Purpose::Sample) && one.attempt != 1 {
        return refuse("attempt", "1, because it is the same for every try", one.attempt.to_string());
    }
    let question = Question::of(one.purpose);
    if !question.takes(one.fate) {
        return refuse("fate", question.answers(), text(&one.fate));
    }
    match one.fate {
        Fate::Takes(span) if span > SPAN_MAX => refuse("fate.takes", "at most 1 hour", span.to_string()),
        _ => Ok(()),
    }
}

/// What kind of answer chance gives.
#[derive(Clone, Copy)]
enum Question {
    HowLong,
    Whether,
    WhereToCrash,
}

impl Question {
    const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Delay
            | Purpose::Service
            | Purpose::Commit
            | Purpose::Restart
            | Purpose::CustomerLookup
            | Purpose::ProductLookup
            | Purpose::AckDelay
            | Purpose::Backoff
            | Purpose::Pause => Self::HowLong,
            Purpose::Duplicate
            | Purpose::Loss
            | Purpose::Overtake
            | Purpose::Choice
            | Purpose::AckLoss
            | Purpose::Poison
            | Purpose::Failure
            | Purpose::Sample => Self::Whether,
            Purpose::Crash => Self::WhereToCrash,
        }
    }

    const fn takes(self, fate: Fate) -> bool {
        match self {
            Self::HowLong => matches!(fate, Fate::Takes(_)),
            Self::Whether => matches!(fate, Fate::Happens | Fate::Never),
            Self::WhereToCrash => matches!(fate, Fate::Crash(_) | Fate::Never),
        }
    }

    const fn answers(self) -> &'static str {
        match self {
            Self::HowLong => "a span, such as {\"takes\":\"2s\"}",
            Self::Whether => "\"happens\" or \"never\"",
            Self::WhereToCrash => "\"never\" or a point, such as {\"crash\":\"between\"}",
        }
    }
}

/// Does chance decide this there?
const fn happens_at(purpose: Purpose, hop: Hop) -> bool {
    let reader = matches!(
        hop,
        Hop::OrderView
            | Hop::SalesDashboard
            | Hop::ProductReplica
            | Hop::CustomerReplica
            | Hop::Saga
            | Hop::CustomerOrderHistory
            | Hop::ProductSearch
            | Hop::ProductStats
            | Hop::OrderWorkQueue
    );
    // Between services: questions, the saga's commands, and the answers to both.
    let between = matches!(hop, Hop::AskProducts | Hop::AskCustomers | Hop::SagaCommand | Hop::SagaAnswer);
    let call = matches!(hop, Hop::CallOrders | Hop::CallProducts | Hop::CallCustomers);
    let query = call || matches!(hop, Hop::Query | Hop::QueryAnswer);
    match purpose {
        Purpose::Delay => {
            let works = matches!(hop, Hop::QueryApi | Hop::QueryCache | Hop::Compose);
            !works && !matches!(hop, Hop::Handler | Hop::HandlerAnew | Hop::SharedRead)
        }
        Purpose::Duplicate | Purpose::Overtake => reader || between || matches!(hop, Hop::Publish),
        Purpose::Loss => {
            let clients = matches!(hop, Hop::Command | Hop::Answer | Hop::Status | Hop::StatusAnswer);
            reader || between || clients || query || matches!(hop, Hop::Publish | Hop::Acknowledge)
        }
        Purpose::Service => {
            let query = call || matches!(hop, Hop::QueryApi | Hop::QueryCache | Hop::WriteSideRead | Hop::Compose);
            reader || query || matches!(hop, Hop::Handler | Hop::HandlerAnew | Hop::SharedRead)
        }
        Purpose::Crash | Purpose::Restart => reader || matches!(hop, Hop::Handler | Hop::Relay),
        Purpose::Commit
        | Purpose::CustomerLookup
        | Purpose::ProductLookup
        | Purpose::AckLoss
        | Purpose::AckDelay
        | Purpose::Poison
        | Purpose::Failure
        | Purpose::Backoff
        | Purpose::Sample => reader,
        Purpose::Pause => reader || matches!(hop, Hop::Publish | Hop::Acknowledge | Hop::SagaCommand | Hop::SagaAnswer),
        Purpose::Choice => matches!(hop, Hop::Client | Hop::QueryClient | Hop::QueryApi),
    }
}

const fn places(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Delay => "a link or a pause, such as \"publish\" or \"order_view\"",
        Purpose::Duplicate | Purpose::Overtake => {
            "\"publish\", a link between services or a reader such as \"order_view\""
        }
        Purpose::Loss => {
            "\"command\", \"answer\", \"publish\", \"acknowledge\", a link between services or a reader such as \"order_view\""
        }
        Purpose::Service => "\"handler\", \"handler_anew\", \"shared_read\" or a reader such as \"order_view\"",
        Purpose::Crash | Purpose::Restart => "\"handler\", \"relay\" or a reader such as \"order_view\"",
        Purpose::Commit
        | Purpose::CustomerLookup
        | Purpose::ProductLookup
        | Purpose::AckLoss
        | Purpose::AckDelay
        | Purpose::Poison
        | Purpose::Failure
        | Purpose::Backoff
        | Purpose::Sample => "a reader such as \"order_view\"",
        Purpose::Pause => "\"publish\", \"acknowledge\", a link of the saga or a reader such as \"order_view\"",
        Purpose::Choice => "\"client\" or \"query_client\"",
    }
}

fn text(value: &impl serde::Serialize) -> String {
    json::value(value).to_string()
}
