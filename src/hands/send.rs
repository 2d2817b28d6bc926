//! A command or a query sent by hand: a form that knows the shop, and the answer, refusals included.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use sim::shop::aggregate::Aggregate;
use sim::shop::customer::membership::Membership;
use sim::view::sending::{Answer, Domain, Sent};

use super::draft::{Draft, Field, Kind, Target, targets};
use super::let_go;
use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;

/// What the form works on.
#[derive(Clone, Copy)]
struct Form {
    desk: Desk,
    kind: RwSignal<Kind>,
    draft: RwSignal<Option<Draft>>,
    domain: RwSignal<Domain>,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Something is to be done.
    Command,
    /// Something is to be told.
    Query,
}

/// Buttons that open the forms.
pub fn opener(desk: Desk) -> AnyView {
    view! {
        {button("", "Send a command…", move || open(desk, Letter::Command))}
        {button("", "Ask a query…", move || open(desk, Letter::Query))}
    }
    .into_any()
}

/// The same as entries of the clients' panel.
pub fn entries(desk: Desk) -> AnyView {
    let entry = |letter, label, hint| {
        let press = move |_| {
            let_go(desk);
            open(desk, letter);
        };
        view! {
            <button type="button" class="menu-item" on:click=press>
                {label}
                <small>{hint}</small>
            </button>
        }
    };
    view! {
        {entry(Letter::Command, "Send a command…", "any command, to any part of the shop")}
        {entry(Letter::Query, "Ask a query…", "any query, in any client's session")}
    }
    .into_any()
}

/// Opens a form. Time rests until it is sent.
fn open(desk: Desk, letter: Letter) {
    desk.send(Intent::Pause);
    desk.sending.set(Some(letter));
}

/// The dialog with the form.
#[component]
pub fn SendDialog() -> impl IntoView {
    let desk = Desk::here();
    let node: NodeRef<Dialog> = NodeRef::new();
    let form = Form {
        desk,
        kind: RwSignal::new(Kind::CreateOrder),
        draft: RwSignal::new(None),
        domain: RwSignal::new(Domain::default()),
    };
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if desk.sending.get() == Some(Letter::Command) {
            form.begin(form.kind.get_untracked());
            // It may be open already.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let answered = Memo::new(move |_| {
        desk.snapshot.with(|snapshot| snapshot.answer.clone().filter(|(sent, _)| matches!(sent, Sent::Command(_))))
    });
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(draft) = form.draft.get_untracked() {
            desk.send(Intent::Send(Box::new(draft.command(desk.clock.get_untracked()))));
            // The answer comes while time runs.
            if !desk.playing.get_untracked() {
                desk.send(Intent::TogglePlay);
            }
        }
    };
    view! {
        <dialog class="send" node_ref=node aria-labelledby="send-title" on:close=move |_| closed(desk, Letter::Command)>
            <h2 id="send-title">"Send a command"</h2>
            <form on:submit=send>
                {kinds(form)}
                {move || form.kind.with(|kind| to_list(form, *kind))}
                {move || form.kind.with(|kind| fields(form, *kind))}
                {move || form.draft.with(Option::is_none).then(|| view! { <p class="quiet">"There is none yet that it could go to."</p> })}
                <div class="actions">
                    {button("", "Close", move || desk.sending.set(None))}
                    <button type="submit" class="button primary" prop:disabled=move || form.draft.with(Option::is_none)>"Send"</button>
                </div>
            </form>
            <div role="status" class="answer">{move || answered.with(|answered| answered.as_ref().map(answer))}</div>
        </dialog>
    }
}

/// A form was closed, and not because another one was opened.
pub(super) fn closed(desk: Desk, letter: Letter) {
    if desk.sending.get_untracked() == Some(letter) {
        desk.sending.set(None);
    }
}

impl Form {
    /// Begins anew with another kind of command, for what there is now.
    fn begin(self, kind: Kind) {
        let domain = self.desk.domain();
        self.draft.set(Draft::new(kind, &domain));
        self.domain.set(domain);
        self.kind.set(kind);
    }

    fn edit(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                change(draft);
            }
        });
    }
}

type Chosen = ev::Targeted<ev::Event, web_sys::HtmlSelectElement>;

/// A list with a name; `choose` hears the number of the entry.
pub(super) fn list(name: &'static str, entries: Vec<String>, choose: impl Fn(usize) + 'static) -> AnyView {
    let entries =
        entries.into_iter().enumerate().map(|(n, text)| view! { <option value=n>{text}</option> }).collect_view();
    let chosen = move |event: Chosen| {
        if let Ok(at) = event.target().value().parse() {
            choose(at);
        }
    };
    view! {
        <label class="send-field">
            <span>{name}</span>
            <select class="text" on:change:target=chosen>{entries}</select>
        </label>
    }
    .into_any()
}

fn kinds(form: Form) -> AnyView {
    let names = Kind::ALL.map(|kind| kind.name().to_owned()).to_vec();
    list("Command", names, move |at| {
        if let Some(kind) = Kind::ALL.get(at) {
            form.begin(*kind);
        }
    })
}

fn to_list(form: Form, kind: Kind) -> AnyView {
    let name = match kind.target() {
        Target::NewOrder => "New order",
        Target::Order => "Order",
        Target::Product => "Product",
        Target::Customer => "Customer",
    };
    let all = form.domain.with(|domain| targets(kind, domain));
    let names = form.domain.with(|domain| all.iter().map(|of| named(*of, domain)).collect());
    list(name, names, move |at| {
        if let Some(of) = all.get(at).copied() {
            form.edit(|draft| draft.to = of);
        }
    })
}

/// An aggregate by its number, and by its name where it has one.
pub(super) fn named(of: Aggregate, domain: &Domain) -> String {
    let name = match of {
        Aggregate::Product(product) => domain.products.iter().find(|one| one.0 == product).map(|one| &one.1),
        Aggregate::Customer(customer) => domain.customers.iter().find(|one| one.0 == customer).map(|one| &one.1),
        Aggregate::Order(_) => None,
    };
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("{of}, {name}"),
        None => of.to_string(),
    }
}

fn fields(form: Form, kind: Kind) -> AnyView {
    kind.fields().iter().map(|one| field(form, *one)).collect_view().into_any()
}

fn field(form: Form, field: Field) -> AnyView {
    match field {
        Field::Customer => {
            let all = form.domain.with(|domain| domain.customers.clone());
            let names = form.domain.with(|domain| all.iter().map(|one| named(one.0.into(), domain)).collect());
            list("Customer", names, move |at| {
                if let Some((customer, _)) = all.get(at) {
                    form.edit(|draft| draft.customer = *customer);
                }
            })
        }
        Field::Product => {
            let all = form.domain.with(|domain| domain.products.clone());
            let names = form.domain.with(|domain| all.iter().map(|one| named(one.0.into(), domain)).collect());
            list("Product", names, move |at| {
                if let Some((product, _, price)) = all.get(at) {
                    form.edit(|draft| draft.product_is(*product, *price));
                }
            })
        }
        Field::Membership => {
            let all = [Membership::Standard, Membership::Credit];
            list("Membership", all.map(|one| one.to_string()).to_vec(), move |at| {
                if let Some(membership) = all.get(at) {
                    form.edit(|draft| draft.membership = *membership);
                }
            })
        }
        Field::Number(name, unit, least, most) => {
            let value =
                move || form.draft.with(|draft| draft.as_ref().map_or(0, |draft| draft.number(name))).to_string();
            let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
                if let Ok(value) = event.target().value().parse() {
                    form.edit(|draft| draft.set_number(field, value));
                }
            };
            view! {
                <label class="send-field">
                    <span>{name} <small>{format!(" {unit}")}</small></span>
                    <input class="text" type="number" min=least max=most step="1" required prop:value=value on:change:target=change />
                </label>
            }
            .into_any()
        }
        Field::Name => {
            let value =
                move || form.draft.with(|draft| draft.as_ref().map(|draft| draft.name.clone())).unwrap_or_default();
            let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
                form.edit(|draft| draft.name = event.target().value());
            };
            view! {
                <label class="send-field">
                    <span>"Name"</span>
                    <input class="text" type="text" maxlength="50" required prop:value=value on:change:target=change />
                </label>
            }
            .into_any()
        }
    }
}

/// What came of the command, in words; a refusal is an answer like any other.
pub(super) fn answer((sent, answer): &(Sent, Answer)) -> AnyView {
    let name = sent.to_string();
    let (class, words) = match answer {
        Answer::Waiting => ("", format!("{name} is on its way, or being decided.")),
        Answer::Accepted { words, correlation } => {
            ("accepted", format!("Accepted: {words}. Correlation: {correlation}."))
        }
        Answer::Refused { kind, why, correlation } => {
            ("refused", format!("Refused, {kind}: {why}. Correlation: {correlation}."))
        }
        Answer::Answered => ("accepted", format!("{name} was answered, and changed nothing.")),
        Answer::Told(told) => return super::ask::told(&name, told),
        Answer::Untold => ("refused", format!("The client of {name} gets no answer.")),
        Answer::Lost => ("refused", format!("{name} was lost with its service: no answer will come.")),
    };
    view! { <p class=class>{words}</p> }.into_any()
}
