//! What a session knows: what it has written, and what it has seen (MISSION E3) [seed 002].

use std::collections::BTreeMap;

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, Version};
use crate::system::options::{Contract, SessionLevel};

use super::message::{Outcome, Reply, Token};
use super::question::Query;

/// What a session knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Session {
    written: BTreeMap<Aggregate, Version>,
    written_position: EventId,
    seen: BTreeMap<Aggregate, Version>,
    seen_position: EventId,
}

impl Session {
    /// The newest version of an aggregate that a command of this session has made, as its answer said.
    pub fn written(&self, of: Aggregate) -> Version {
        self.written.get(&of).copied().unwrap_or(0)
    }

    /// The newest version of an aggregate that an answer has shown.
    pub fn seen(&self, of: Aggregate) -> Version {
        self.seen.get(&of).copied().unwrap_or(0)
    }

    /// Everything that it has written.
    pub fn writes(&self) -> impl Iterator<Item = Aggregate> {
        self.written.keys().copied()
    }

    /// A command of this session was accepted and has made this event and this version.
    pub fn note_written(&mut self, of: Aggregate, event: EventId, version: Version) {
        let known = self.written.entry(of).or_default();
        *known = version.max(*known);
        self.written_position = event.max(self.written_position);
    }

    /// An answer has come.
    pub fn note_seen(&mut self, reply: &Reply) {
        if !matches!(reply.outcome, Outcome::Rows | Outcome::Pending | Outcome::Partial) {
            return;
        }
        for row in &reply.page.rows {
            let known = self.seen.entry(row.of).or_default();
            *known = row.version.max(*known);
        }
        self.seen_position = reply.as_of.position.max(self.seen_position);
    }

    /// What the session asks of an answer to this query, under this contract and what it is guaranteed besides.
    pub fn token(&self, query: &Query, contract: Contract, level: SessionLevel) -> Token {
        let one =
            |known: &BTreeMap<Aggregate, Version>| query.one().and_then(|of| known.get(&of).copied()).unwrap_or(0);
        let own = Token { version: one(&self.written), position: self.written_position };
        let demands = matches!(contract, Contract::ReadAfterWrite | Contract::Pending | Contract::CatchUpToken { .. });
        match level {
            SessionLevel::Session | SessionLevel::Strong => {
                Token { version: own.version.max(one(&self.seen)), position: own.position.max(self.seen_position) }
            }
            SessionLevel::Eventual if demands => own,
            SessionLevel::Eventual => Token::default(),
        }
    }
}
