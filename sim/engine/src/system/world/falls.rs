//! A service that crashes by itself, in the middle of a commit: it goes down as if a hand had crashed it.

use crate::system::node::Node;
use crate::system::place::Service;
use crate::system::trace::{Entry, What};

use super::World;

impl World {
    /// Takes the Order Service down, if it has crashed in this step.
    pub(super) fn bring_down(&mut self, entries: &mut Vec<Entry>) {
        if !self.services.has_fallen() {
            return;
        }
        self.with_context(entries, |world, ctx| {
            let Some(fallen) = world.services.take_fallen(&world.store, ctx) else { return };
            // What was taken in is saved, and begun again when the service is back.
            for request in world.services.unsaved(Service::Orders, fallen.request.into_iter().collect()) {
                ctx.record(What::CommandLost { command: request.id });
                world.never_answered(&request, ctx);
            }
            world.stop(Node::Service(Service::Orders), true, fallen.lasts, ctx);
        });
    }
}
