//! What each cause looks like: a colour of the grammar and a pattern of its own, so that nothing hangs on the colour.

use leptos::prelude::*;
use sim::oracle::lags::Cause;

/// The pattern of a cause, which is also the class of what is filled with it.
pub const fn look(cause: Cause) -> &'static str {
    match cause {
        Cause::Outbox => "lag-outbox",
        Cause::Broker => "lag-broker",
        Cause::Queueing => "lag-queueing",
        Cause::Gap => "lag-gap",
        Cause::Retry => "lag-retry",
        Cause::Lost => "lag-lost",
        Cause::Copying => "lag-copying",
    }
}

/// What fills an area with the look of a cause.
pub fn fill(cause: Cause) -> String {
    format!("url(#{})", look(cause))
}

/// The strokes over the colour, in a square of 8 units.
const fn strokes(cause: Cause) -> &'static str {
    match cause {
        Cause::Outbox => "",
        Cause::Broker => "M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
        Cause::Queueing => "M1 2h2M5 6h2",
        Cause::Gap => "M2 0v8M6 0v8",
        Cause::Retry => "M-2 6l4 4M0 0l8 8M6 -2l4 4",
        Cause::Lost => "M0 0l8 8M0 8l8 -8",
        Cause::Copying => "M0 2h8M0 6h8",
    }
}

/// The patterns, for every picture of the page.
pub fn patterns() -> AnyView {
    let one = |cause: Cause| {
        view! {
            <pattern id=look(cause) class=format!("lag-pattern {}", look(cause)) width="8" height="8" patternUnits="userSpaceOnUse">
                <rect width="8" height="8"></rect>
                <path d=strokes(cause)></path>
            </pattern>
        }
    };
    view! { <defs>{Cause::ALL.map(one).collect_view()}</defs> }.into_any()
}

/// A small square with the look of a cause.
pub fn swatch(cause: Cause) -> AnyView {
    view! {
        <svg class="lag-swatch" viewBox="0 0 16 16" aria-hidden="true">
            <rect fill=fill(cause) width="16" height="16" rx="3"></rect>
        </svg>
    }
    .into_any()
}
