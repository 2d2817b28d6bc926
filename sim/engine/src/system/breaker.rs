//! The circuit breaker [seed 000]: after some failures in a row it stops asking, and after a while it lets one question
//! through to see whether the owner is back.

use crate::kernel::time::Micros;
use crate::system::options::CircuitBreaker;
use bitcode::{Decode, Encode};

/// Whether questions go through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Circuit {
    /// They do.
    #[default]
    Closed,
    /// They do not: nobody waits for an owner that does not answer.
    Open,
    /// One is on its way as a probe; the others do not go through.
    HalfOpen,
}

/// The breaker in front of one owner. Each change of its circuit is returned, so that it can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Breaker {
    circuit: Circuit,
    failures: u32,
    /// When the circuit opened, or the probe left.
    since: Micros,
}

impl Breaker {
    /// Whether questions go through.
    pub const fn circuit(&self) -> Circuit {
        self.circuit
    }

    /// May a question be asked now?
    pub fn allows(&self, settings: &CircuitBreaker, now: Micros) -> bool {
        match self.circuit {
            Circuit::Closed => true,
            Circuit::Open | Circuit::HalfOpen => now >= self.since + settings.open_for,
        }
    }

    /// A question is asked. After the open time it is the probe. One that nothing is heard of for as long, because whoever
    /// asked has crashed meanwhile, is given up, and the next question takes its place.
    pub const fn asked(&mut self, now: Micros) -> Option<Circuit> {
        match self.circuit {
            Circuit::Closed => None,
            Circuit::Open => {
                self.since = now;
                self.turn(Circuit::HalfOpen)
            }
            Circuit::HalfOpen => {
                self.since = now;
                None
            }
        }
    }

    /// A question was answered in time.
    pub const fn succeeded(&mut self) -> Option<Circuit> {
        match self.circuit {
            Circuit::HalfOpen => self.turn(Circuit::Closed),
            Circuit::Closed => {
                self.failures = 0;
                None
            }
            // An answer to a question from before the circuit opened says nothing about now.
            Circuit::Open => None,
        }
    }

    /// A question was not answered in time.
    pub const fn failed(&mut self, settings: &CircuitBreaker, now: Micros) -> Option<Circuit> {
        self.failures = self.failures.saturating_add(1);
        match self.circuit {
            Circuit::Closed if self.failures < settings.failures => None,
            Circuit::Closed | Circuit::HalfOpen => {
                self.since = now;
                self.turn(Circuit::Open)
            }
            Circuit::Open => None,
        }
    }

    const fn turn(&mut self, circuit: Circuit) -> Option<Circuit> {
        self.circuit = circuit;
        if matches!(circuit, Circuit::Closed) {
            self.failures = 0;
        }
        Some(circuit)
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Circuit, CircuitBreaker, Micros};

    const SETTINGS: CircuitBreaker = CircuitBreaker { failures: 3, open_for: Micros::from_secs(10) };

    fn opened_at(now: Micros) -> Breaker {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.failed(&SETTINGS, now), None);
        assert_eq!(breaker.failed(&SETTINGS, now), None);
        assert_eq!(breaker.failed(&SETTINGS, now), Some(Circuit::Open));
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it() {
        assert!(!opened_at(Micros::ZERO).allows(&SETTINGS, Micros::from_secs(9)));
    }

    #[test]
    fn a_success_in_between_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            assert_eq!(breaker.failed(&SETTINGS, Micros::ZERO), None);
            assert_eq!(breaker.failed(&SETTINGS, Micros::ZERO), None);
            assert_eq!(breaker.succeeded(), None);
        }
        assert_eq!(breaker.circuit(), Circuit::Closed);
    }

    #[test]
    fn after_the_open_time_one_probe_goes_through() {
        let mut breaker = opened_at(Micros::ZERO);
        let later = Micros::from_secs(10);
        assert!(breaker.allows(&SETTINGS, later));
        assert_eq!(breaker.asked(later), Some(Circuit::HalfOpen));
        assert!(!breaker.allows(&SETTINGS, later), "a second one does not");
        assert_eq!(breaker.succeeded(), Some(Circuit::Closed));
        assert!(breaker.allows(&SETTINGS, later));
    }

    #[test]
    fn a_probe_that_nothing_is_heard_of_is_not_waited_for_without_end() {
        let mut breaker = opened_at(Micros::ZERO);
        breaker.asked(Micros::from_secs(10));
        assert!(!breaker.allows(&SETTINGS, Micros::from_secs(19)));
        assert!(breaker.allows(&SETTINGS, Micros::from_secs(20)));
        assert_eq!(breaker.asked(Micros::from_secs(20)), None, "it probes still");
        assert!(!breaker.allows(&SETTINGS, Micros::from_secs(29)));
        assert_eq!(breaker.succeeded(), Some(Circuit::Closed));
    }

    #[test]
    fn a_failed_probe_opens_it_again_for_as_long() {
        let mut breaker = opened_at(Micros::ZERO);
        let later = Micros::from_secs(12);
        breaker.asked(later);
        assert_eq!(breaker.failed(&SETTINGS, later), Some(Circuit::Open));
        assert!(!breaker.allows(&SETTINGS, Micros::from_secs(21)));
        assert!(breaker.allows(&SETTINGS, Micros::from_secs(22)));
    }
}
