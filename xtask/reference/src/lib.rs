//! The reference: the least that a discrete-event simulation of messages can be.
//!
//! An exponential source, a hop of random length with about fifty messages on it, and one first-in-first-out server, all on
//! a bare `BinaryHeap`. It records nothing and can not go back. It must stay as it is, or ratios of different days would
//! not compare.

use core::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use engine::kernel::fate::mix;

/// The mean time between two messages, in microseconds.
const GAP_MEAN: f64 = 1_000.0;
/// The longest hop, in microseconds. Hops are evenly spread from nothing to here, so their mean is fifty gaps: by Little's
/// law fifty messages are on the hop.
const HOP_MAX: u64 = 100_000;
/// How long the server takes for a message, in microseconds: it is busy for 80 % of the time.
const SERVICE: u64 = 800;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The source sends a message.
    Sends,
    /// A message that was sent at this time reaches the server.
    Arrives(u64),
    /// The server is done with the message at the head of its queue.
    Served,
}

struct Pipe {
    now: u64,
    entered: u64,
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    random: u64,
    /// When each waiting message was sent; the first is being served.
    queue: VecDeque<u64>,
    /// The sum of all times from sending to served, in microseconds.
    sojourn: u64,
}

/// Lets the reference handle so many events and returns the sum of all times spent in it, in microseconds, so that no
/// compiler can leave the work out.
pub fn run(events: u64) -> u64 {
    let mut pipe = Pipe { now: 0, entered: 0, heap: BinaryHeap::new(), random: 1, queue: VecDeque::new(), sojourn: 0 };
    pipe.add(0, Event::Sends);
    for _ in 0..events {
        pipe.step();
    }
    pipe.sojourn
}

impl Pipe {
    fn step(&mut self) {
        let Some(Reverse((due, _, event))) = self.heap.pop() else {
            return;
        };
        self.now = due;
        match event {
            Event::Sends => {
                let hop = self.draw() % HOP_MAX;
                self.add(hop, Event::Arrives(self.now));
                let gap = self.gap();
                self.add(gap, Event::Sends);
            }
            Event::Arrives(sent) => {
                self.queue.push_back(sent);
                if self.queue.len() == 1 {
                    self.add(SERVICE, Event::Served);
                }
            }
            Event::Served => {
                if let Some(sent) = self.queue.pop_front() {
                    self.sojourn += self.now - sent;
                }
                if !self.queue.is_empty() {
                    self.add(SERVICE, Event::Served);
                }
            }
        }
    }

    fn add(&mut self, after: u64, event: Event) {
        self.heap.push(Reverse((self.now + after, self.entered, event)));
        self.entered += 1;
    }

    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(1);
        mix(self.random)
    }

    /// An exponential gap. The logarithm is `libm`'s, as in the simulation, because std's differs between the two places.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the logarithm of a number in (0, 1] is at most 37 below zero"
    )]
    fn gap(&mut self) -> u64 {
        let unit = ((self.draw() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        (-libm::log(unit) * GAP_MEAN) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn about_fifty_messages_are_on_the_hop_and_the_server_keeps_up() {
        // Three events for each message: 50 ms on the hop, 0.8 ms of service, and by Pollaczek and Khinchine 1.6 ms of
        // waiting for it.
        let events = 3_000_000;
        let mean = run(events) as f64 / (events as f64 / 3.0);
        assert!((mean / 52_400.0 - 1.0).abs() < 0.02, "mean {mean} µs");
    }
}
