//! Edge servers in words.

use crate::system::edges::edging::{Edging, Onward};
use crate::system::edges::load::Cargo;

use crate::view::words::{clock, command_name};

/// The words for an entry.
pub fn told(what: Edging) -> String {
    match what {
        Edging::Roamed { session, edge } => format!("{session} has moved: {edge} is near now"),
        Edging::FailedOver { cargo, from, to } => {
            format!("{from} has not answered {}: its client goes to {to}", name(cargo))
        }
        Edging::SetOut { cargo, edge, is_far: false } => format!("{} sets out to {edge}", name(cargo)),
        Edging::SetOut { cargo, edge, is_far: true } => {
            format!("{} sets out to {edge}, though another edge is nearer", name(cargo))
        }
        Edging::Answered { query, edge } => format!("{edge} answers {query} from its own copy"),
        Edging::Forwarded { cargo, edge, why } => {
            format!("{edge} hands {} on to the origin{}", name(cargo), because(why))
        }
        Edging::Returned { cargo, edge } => format!("the answer to {} is back at {edge}", name(cargo)),
        Edging::Cut { cargo, edge, outward: true } => {
            format!("the link from {edge} to the origin is cut: {} will be lost", name(cargo))
        }
        Edging::Cut { cargo, edge, outward: false } => {
            format!("the link from the origin to {edge} is cut: the answer to {} will be lost", name(cargo))
        }
        Edging::Unheard { cargo, edge } => format!("{edge} is down: {} is lost there", name(cargo)),
        Edging::CopyCut { model, edge } => {
            format!("the link from the origin to {edge} is cut: a copy of the {model} is lost")
        }
        Edging::Followed { model, edge } => format!("{edge} has a newer copy of the {model}"),
        Edging::CopyLeft { model, edge } => format!("a newer state of the {model} leaves for {edge}"),
        Edging::CopyUnheard { model, edge } => {
            format!("{edge} is down: a copy of the {model} is lost on its way there")
        }
        Edging::Failed { edge, until } => format!("{edge} crashes, until {}", clock(until)),
        Edging::FoundBehind { query, edge, of, has, knew } => format!(
            "{edge} has {} of {of}, and the client of {query} knew version {knew}: its copy is behind",
            if has == 0 { "nothing".to_owned() } else { format!("version {has}") }
        ),
    }
}

fn name(cargo: Cargo) -> String {
    match cargo {
        Cargo::Query(query) => query.to_string(),
        Cargo::Command(command) => command_name(command),
    }
}

const fn because(why: Onward) -> &'static str {
    match why {
        Onward::Command => "",
        Onward::Composed => ": answers are composed there",
        Onward::NoCopy => ": it has no copy of the model",
        Onward::Promise => ": what is promised only the origin can keep",
        Onward::NoRow => ": its copy has no such row",
        Onward::Behind => ": its copy is too old for it",
    }
}
