//! The one fault without which the cell would be right, found by playing the run again.

use leptos::prelude::*;
use sim::scenario::counterfactual::{Outcome, Proof};
use sim::shop::money::grouped;

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;
use sim::view::words::{clock, plural};

/// How far the search has come, or what it has found.
pub fn view(desk: Desk) -> AnyView {
    let proof = move || desk.proof.with(|proof| proof.as_ref().and_then(|proof| told(desk, proof)));
    view! { <div role="status" aria-label="Counterfactual">{proof}</div> }.into_any()
}

/// A text over a handful of lines, and what can be done.
fn told(desk: Desk, proof: &Proof) -> Option<AnyView> {
    let act = match &proof.outcome {
        Outcome::Searching => Some(button("", "Stop searching", move || desk.prove(None))),
        Outcome::Right(_) | Outcome::OnlyStale(_) => {
            Some(button("", "Show that run", move || desk.send(Intent::WithoutFault)))
        }
        Outcome::None => None,
    };
    let (text, checked) = sentence(proof)?;
    Some(
        view! {
            <div class="remedy">
                <p>{text}</p>
                <p class="quiet">{checked}</p>
                {act}
            </div>
        }
        .into_any(),
    )
}

/// What was found, and how it is known; nothing if there was nothing to look for.
fn sentence(proof: &Proof) -> Option<(String, String)> {
    let runs = plural(proof.tried, "run");
    let beyond = match proof.beyond {
        0 => String::new(),
        beyond => format!(" {} further back were not tried.", plural(beyond, "fault")),
    };
    let played = format!("Played again up to {}: {runs}.{beyond}", clock(proof.at));
    Some(match &proof.outcome {
        Outcome::Searching => {
            let text = "Playing the run again without each fault…".to_owned();
            (text, format!("{} of {}", grouped(proof.tried as u64), plural(proof.runs, "run")))
        }
        Outcome::Right(what) => (format!("Without {what} this cell is right."), played),
        Outcome::OnlyStale(what) => (format!("Without {what} this cell is only stale, not wrong."), played),
        Outcome::None if proof.runs == 0 => return None,
        Outcome::None => ("There is no single fault without which this cell is right.".to_owned(), played),
    })
}

#[cfg(test)]
mod tests {
    use sim::kernel::time::Micros;
    use sim::shop::ids::OrderId;
    use sim::view::ledger::{Cell, OrderField};

    use super::{Outcome, Proof, sentence};

    #[test]
    fn a_proof_says_what_it_found_and_how_it_is_known() {
        let cell = Cell::Order(OrderId(3), OrderField::Total);
        let at = Micros::from_millis(12_410);
        let outcome = Outcome::Right("the second delivery of e7".to_owned());
        let proof = Proof { spot: cell.into(), at, tried: 1, runs: 4, beyond: 0, outcome };
        let (text, played) = sentence(&proof).expect("there is something to tell");
        assert_eq!(text, "Without the second delivery of e7 this cell is right.");
        assert_eq!(played, "Played again up to 12.41 s: 1 run.");
        let none = Proof { outcome: Outcome::None, beyond: 2, tried: 24, runs: 24, ..proof.clone() };
        let (_, played) = sentence(&none).expect("there is something to tell");
        assert_eq!(played, "Played again up to 12.41 s: 24 runs. 2 faults further back were not tried.");
        assert_eq!(sentence(&Proof { outcome: Outcome::None, runs: 0, ..proof }), None);
    }
}
