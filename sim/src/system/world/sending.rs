//! Commands that a person sends, between two steps of the world.

use crate::system::options::Scripted;
use crate::system::trace::Entry;

use super::World;

impl World {
    /// A client sends a command that a person wants.
    pub fn send_by_hand(&mut self, line: &Scripted, entries: &mut Vec<Entry>) {
        self.with_context(entries, |world, ctx| world.clients.by_hand(line, ctx));
    }
}
