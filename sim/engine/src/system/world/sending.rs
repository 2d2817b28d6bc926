//! Commands and queries that a person sends, between two steps of the world.

use crate::system::options::{Scripted, ScriptedQuery};
use crate::system::trace::Entry;

use super::World;

impl World {
    /// A client sends a command that a person wants.
    pub fn send_by_hand(&mut self, line: &Scripted, entries: &mut Vec<Entry>) {
        self.with_context(entries, |world, ctx| world.clients.by_hand(line, ctx));
    }

    /// A client asks what a person wants to know.
    pub fn ask_by_hand(&mut self, line: &ScriptedQuery, entries: &mut Vec<Entry>) {
        self.with_context(entries, |world, ctx| world.reads.clients.by_hand(line, ctx));
    }
}
