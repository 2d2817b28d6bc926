//! A query asked by hand: a form that knows what can be asked, and the answer with how new it is.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use sim::oracle::judgement::Freshness;
use sim::shop::ids::CustomerId;
use sim::view::sending::{Domain, Sent, Told};
use sim::view::words::plural;

use super::question::{
    BOUND_MAX, CONTRACTS, Choice, Kind, ORDER_SORTS, PRICE_MAX, PRODUCT_SORTS, Question, STATUSES, numbers,
};
use super::send::{Letter, answer, closed, list, named};
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;

/// What the form works on.
#[derive(Clone, Copy)]
struct Form {
    question: RwSignal<Question>,
    domain: RwSignal<Domain>,
}

/// The dialog with the form.
#[component]
pub fn AskDialog() -> impl IntoView {
    let desk = Desk::here();
    let node: NodeRef<Dialog> = NodeRef::new();
    let form = Form {
        question: RwSignal::new(Question::new(Kind::Order, &Domain::default())),
        domain: RwSignal::new(Domain::default()),
    };
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if desk.sending.get() == Some(Letter::Query) {
            let domain = desk.domain();
            form.question.set(Question::new(Kind::Order, &domain));
            form.domain.set(domain);
            // It may be open already.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let line = form.question.with_untracked(|question| question.line(desk.clock.get_untracked()));
        desk.send(Intent::Ask(Box::new(line)));
        // The answer comes while time runs.
        if !desk.playing.get_untracked() {
            desk.send(Intent::TogglePlay);
        }
    };
    let answered = Memo::new(move |_| {
        desk.snapshot.with(|snapshot| snapshot.answer.clone().filter(|(sent, _)| matches!(sent, Sent::Query(_))))
    });
    let kind = Memo::new(move |_| form.question.with(|question| question.kind));
    let is_bounded = Memo::new(move |_| form.question.with(|question| question.bound_ms().is_some()));
    view! {
        <dialog class="send" node_ref=node aria-labelledby="ask-title" on:close=move |_| closed(desk, Letter::Query)>
            <h2 id="ask-title">"Ask a query"</h2>
            <form on:submit=ask>
                {move || form.domain.with(|domain| kinds(form, domain))}
                {move || form.domain.with(|domain| sessions(form, domain))}
                {move || {
                    // Whoever opens it again finds the orders and the categories that there are by then.
                    form.domain.track();
                    kind.get().choices().iter().map(|choice| choice_of(form, *choice)).collect_view()
                }}
                {move || form.domain.with(|_| contracts(form))}
                {move || is_bounded.get().then(|| bound(form))}
                <div class="actions">
                    {button("", "Close", move || desk.sending.set(None))}
                    <button type="submit" class="button primary">"Ask"</button>
                </div>
            </form>
            <div role="status" class="answer">{move || answered.with(|answered| answered.as_ref().map(answer))}</div>
        </dialog>
    }
}

fn kinds(form: Form, domain: &Domain) -> AnyView {
    let all = Kind::of(domain);
    let names = all.iter().map(|kind| kind.name().to_owned()).collect();
    list("Query", names, move |at| {
        if let Some(kind) = all.get(at).copied() {
            form.question.update(|question| question.kind = kind);
        }
    })
}

fn sessions(form: Form, domain: &Domain) -> AnyView {
    customers(domain, "Session of", None, move |by| {
        form.question.update(|question| question.by = by.unwrap_or(question.by));
    })
}

/// A list of customers; before them what stands for nobody in particular.
fn customers(
    domain: &Domain,
    name: &'static str,
    nobody: Option<&str>,
    choose: impl Fn(Option<CustomerId>) + 'static,
) -> AnyView {
    let all: Vec<CustomerId> = domain.customers.iter().map(|one| one.0).collect();
    let names = nobody.map(str::to_owned).into_iter();
    let names = names.chain(all.iter().map(|one| named((*one).into(), domain))).collect();
    let before = usize::from(nobody.is_some());
    list(name, names, move |at| choose(at.checked_sub(before).and_then(|at| all.get(at).copied())))
}

fn choice_of(form: Form, choice: Choice) -> AnyView {
    let question = form.question;
    match choice {
        Choice::Order => {
            let all = form.domain.with_untracked(|domain| match domain.orders.is_empty() {
                true => vec![domain.next_order],
                false => domain.orders.clone(),
            });
            let names = all.iter().map(ToString::to_string).collect();
            list("Order", names, move |at| {
                if let Some(order) = all.get(at).copied() {
                    question.update(|question| question.order = order);
                }
            })
        }
        Choice::Customer => form.domain.with_untracked(|domain| {
            customers(domain, "Whose", Some("everybody's"), move |customer| {
                question.update(|question| question.customer = customer);
            })
        }),
        Choice::Status => {
            let names = core::iter::once("any".to_owned()).chain(STATUSES.map(|status| status.to_string()));
            list("Status", names.collect(), move |at| {
                let status = at.checked_sub(1).and_then(|at| STATUSES.get(at).copied());
                question.update(|question| question.status = status);
            })
        }
        Choice::OrderSort => list("Sorted", ORDER_SORTS.map(|(_, name)| name.to_owned()).to_vec(), move |at| {
            if let Some((sort, _)) = ORDER_SORTS.get(at).copied() {
                question.update(|question| question.order_sort = sort);
            }
        }),
        Choice::ProductSort => list("Sorted", PRODUCT_SORTS.map(|(_, name)| name.to_owned()).to_vec(), move |at| {
            if let Some((sort, _)) = PRODUCT_SORTS.get(at).copied() {
                question.update(|question| question.product_sort = sort);
            }
        }),
        Choice::InStock => {
            let names = ["all", "only what is in stock"].map(str::to_owned).to_vec();
            list("Stock", names, move |at| question.update(|question| question.in_stock = at == 1))
        }
        Choice::Category => {
            let all = form.domain.with_untracked(|domain| domain.categories.clone());
            let names = core::iter::once("every category".to_owned()).chain(all.iter().cloned());
            list("Category", names.collect(), move |at| {
                let category = at.checked_sub(1).and_then(|at| all.get(at).cloned());
                question.update(|question| question.category = category);
            })
        }
        Choice::Prices => [("Price at least", 0), ("Price at most", 1)]
            .map(|(name, which)| {
                let value = move || question.with(|question| question.prices[which]);
                number(name, "cents", PRICE_MAX, value, move |cents| {
                    question.update(|question| question.prices[which] = cents);
                })
            })
            .collect_view()
            .into_any(),
        Choice::Sensitive => {
            let names = ["all", "only what needs care", "only what needs none"].map(str::to_owned).to_vec();
            list("Care", names, move |at| {
                let sensitive = [None, Some(true), Some(false)].get(at).copied().flatten();
                question.update(|question| question.sensitive = sensitive);
            })
        }
        Choice::Team | Choice::Tenant => {
            let (name, every, count) = numbers(choice);
            let names = core::iter::once(every.to_owned()).chain((1..=count).map(|number| number.to_string()));
            list(name, names.collect(), move |at| {
                let number = u32::try_from(at).ok().filter(|number| *number > 0);
                question.update(|question| match choice {
                    Choice::Team => question.team = number,
                    _ => question.tenant = number,
                });
            })
        }
        Choice::Text => text(form),
    }
}

fn contracts(form: Form) -> AnyView {
    let names = core::iter::once("what everybody is promised").chain(CONTRACTS.map(|(_, name)| name));
    list("Promised", names.map(str::to_owned).collect(), move |at| {
        let contract = at.checked_sub(1).and_then(|at| CONTRACTS.get(at)).map(|(contract, _)| *contract);
        form.question.update(|question| question.contract = contract);
    })
}

fn bound(form: Form) -> AnyView {
    let question = form.question;
    let value = move || question.with(Question::bound_ms);
    number("Oldest", "ms", BOUND_MAX, value, move |millis| {
        question.update(|question| question.bound_is(millis.unwrap_or_default()));
    })
}

/// A whole number that may be left out.
fn number(
    name: &'static str,
    unit: &'static str,
    most: u64,
    value: impl Fn() -> Option<u64> + Send + 'static,
    choose: impl Fn(Option<u64>) + 'static,
) -> AnyView {
    let value = move || value().map(|value| value.to_string()).unwrap_or_default();
    let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        choose(event.target().value().parse().ok().map(|value: u64| value.min(most)));
    };
    view! {
        <label class="send-field">
            <span>{name} <small>{format!(" {unit}")}</small></span>
            <input class="text" type="number" min="0" max=most step="1" prop:value=value on:change:target=change />
        </label>
    }
    .into_any()
}

fn text(form: Form) -> AnyView {
    let value = move || form.question.with(|question| question.text.clone());
    let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        form.question.update(|question| question.text = event.target().value());
    };
    view! {
        <label class="send-field">
            <span>"Words" <small>" beginnings are enough"</small></span>
            <input class="text" type="text" maxlength="50" prop:value=value on:change:target=change />
        </label>
    }
    .into_any()
}

/// The answer to a query: how it stands to the truth first, and then what it says.
pub(super) fn told(name: &str, told: &Told) -> AnyView {
    let (class, stands) = match told.freshness {
        Freshness::Fresh => ("accepted", "true when it left"),
        Freshness::Stale => ("stale", "stale: it was true earlier"),
        Freshness::Wrong => ("refused", "wrong: it was never true"),
    };
    let remark = if told.remark.is_empty() { String::new() } else { format!(" {}.", told.remark) };
    let rows = told.rows.iter().map(|row| view! { <li>{row.clone()}</li> }).collect_view();
    let none = told.rows.is_empty().then(|| view! { <p class="quiet">"It has no rows."</p> });
    let more = (told.more > 0).then(|| view! { <p class="quiet">{plural(told.more, "more row")}</p> });
    view! {
        <p class=class>{format!("{name} is answered by {}, {} behind the log; {stands}.{remark}", told.from, told.lag)}</p>
        <ul class="answer-rows">{rows}</ul>
        {none}
        {more}
    }
    .into_any()
}
