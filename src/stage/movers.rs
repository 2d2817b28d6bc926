//! What moves with the clock. One effect moves everything: a hundred effects that each read the clock would spend the
//! frame on signing in and out.

use std::rc::Rc;

use leptos::prelude::*;
use sim::kernel::time::Micros;

use crate::desk::Desk;

type Mover = Rc<dyn Fn(Micros)>;

/// Everything on the stage that moves.
#[derive(Clone, Copy)]
pub struct Movers {
    desk: Desk,
    all: StoredValue<Vec<(u64, Mover)>, LocalStorage>,
    next: StoredValue<u64, LocalStorage>,
}

impl Movers {
    /// Nothing yet. What is added is moved at every frame from now on.
    pub fn new(desk: Desk) -> Self {
        let all: StoredValue<Vec<(u64, Mover)>, LocalStorage> = StoredValue::new_local(Vec::new());
        Effect::new(move |_| {
            let clock = desk.clock.get();
            all.with_value(|all| all.iter().for_each(|(_, mover)| mover(clock)));
        });
        Self { desk, all, next: StoredValue::new_local(0) }
    }

    /// Adds what moves one thing, until that thing is taken off the page.
    pub fn add(self, mover: impl Fn(Micros) + 'static) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.all.update_value(|all| all.push((id, Rc::new(mover))));
        // When the whole stage goes, the list goes first.
        on_cleanup(move || {
            let _ = self.all.try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    /// The desk whose clock moves everything.
    pub const fn desk(self) -> Desk {
        self.desk
    }
}

/// Sets an attribute of a thing that moves. One that is not on the page yet stands where it was put.
pub fn set(node: &web_sys::Element, name: &str, value: &str) {
    // Attributes with plain names are never refused.
    let _ = node.set_attribute(name, value);
}
