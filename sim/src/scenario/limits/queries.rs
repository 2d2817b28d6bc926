//! What queries may be asked for.

use crate::shop::customer::rights::Rights;
use crate::shop::fulfilment::{TEAMS, TENANTS};
use crate::shop::ids::CustomerId;
use crate::system::options::{Consistency, Contract, Options, QueryApi, ScriptedQuery};
use crate::system::place::{Model, Reader};
use crate::system::queries::question::Query;

use super::checks::{
    Checked, NAME_MAX, ORDER_MAX, OWNED_MAX, SCRIPT_MAX, breaker, distribution, number, pause, refuse, span,
};
use super::edges;

/// The most readers that go from page to page.
const WALKS_MAX: usize = 100;

/// The most times at which ways of the gateway are cut.
const WAYS_CUT_MAX: usize = 20;

/// Checks what is asked, by whom, and how the API answers.
pub(super) fn check(options: &Options) -> Checked {
    let queries = &options.queries;
    stream(options)?;
    distribution("options.queries.read_after_write.think", &queries.read_after_write.think)?;
    if queries.walks.len() > WALKS_MAX {
        return refuse("options.queries.walks", format!("at most {WALKS_MAX}"), queries.walks.len());
    }
    for (n, walk) in queries.walks.iter().enumerate() {
        let at = |field: &str| format!("options.queries.walks[{n}].{field}");
        span(&at("at"), walk.at)?;
        asked_by(&at("by"), walk.by)?;
        query(&at("ask"), &walk.ask, options)?;
        number(&at("size"), u32::from(walk.size), 1..=200)?;
        distribution(&at("think"), &walk.think)?;
    }
    if queries.script.len() > SCRIPT_MAX {
        return refuse("options.queries.script", format!("at most {SCRIPT_MAX} queries"), queries.script.len());
    }
    for (n, scripted) in queries.script.iter().enumerate() {
        check_line(&format!("options.queries.script[{n}]"), scripted, options)?;
    }
    access(options)?;
    composition(options)?;
    edges::check("options.queries.edges", queries.edges.as_ref())?;
    consistency("options.queries.consistency", &queries.consistency)?;
    if let Some(cache) = &queries.cache {
        pause("options.queries.cache.ttl", cache.ttl)?;
        distribution("options.queries.cache.service", &cache.service)?;
    }
    number("options.queries.replicas.count", u32::from(queries.replicas.count), 0..=8)?;
    distribution("options.queries.replicas.delay", &queries.replicas.delay)?;
    api("options.queries.api", &queries.api)
}

/// Checks one query, which stands in this field.
pub(in crate::scenario) fn check_line(field: &str, line: &ScriptedQuery, options: &Options) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    span(&at("at"), line.at)?;
    asked_by(&at("by"), line.by)?;
    query(&at("ask"), &line.ask, options)?;
    number(&at("size"), u32::from(line.size), 1..=200)?;
    line.contract.map_or(Ok(()), |wanted| contract(&at("contract"), wanted))
}

/// Checks what is promised of an answer.
fn contract(field: &str, contract: Contract) -> Checked {
    match contract {
        Contract::BoundedStaleness { bound, .. } => span(&format!("{field}.bounded_staleness.bound"), bound),
        Contract::CatchUpToken { wait } => span(&format!("{field}.catch_up_token.wait"), wait),
        Contract::Eventual | Contract::ReadAfterWrite | Contract::Pending | Contract::CommandSideRead => Ok(()),
    }
}

fn consistency(field: &str, consistency: &Consistency) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    pause(&at("wait"), consistency.wait)?;
    pause(&at("retry_after"), consistency.retry_after)?;
    distribution(&at("write_side_delay"), &consistency.write_side_delay)?;
    contract(&at("contract"), consistency.contract)
}

fn stream(options: &Options) -> Checked {
    let stream = &options.queries.stream;
    let at = |field: &str| format!("options.queries.stream.{field}");
    number(&at("count"), stream.count, 0..=1_000_000)?;
    distribution(&at("gap"), &stream.gap)?;
    let mix = stream.mix;
    let parts = [
        ("order", mix.order, Model::OrderView),
        ("orders", mix.orders, Model::OrderView),
        ("history", mix.history, Model::CustomerOrderHistory),
        ("products", mix.products, Model::ProductSearch),
        ("work", mix.work, Model::OrderWorkQueue),
        ("page", mix.page, Model::OrderView),
    ];
    for (kind, part, model) in parts {
        number(&at(&format!("mix.{kind}")), u32::from(part), 0..=100)?;
        if stream.count > 0 && part > 0 {
            takes_part(&at(&format!("mix.{kind}")), model, options)?;
        }
    }
    if stream.count > 0 && parts.iter().all(|(_, part, _)| *part == 0) {
        return refuse(&at("mix"), "a part that is more than 0", 0);
    }
    Ok(())
}

fn takes_part(field: &str, model: Model, options: &Options) -> Checked {
    if options.consumer(Reader::Projection(model)).enabled {
        return Ok(());
    }
    refuse(field, format!("a read model that takes part: name options.projections.{}", model.name()), model)
}

fn asked_by(field: &str, session: CustomerId) -> Checked {
    number(field, session.0, 0..=OWNED_MAX)
}

fn query(field: &str, query: &Query, options: &Options) -> Checked {
    takes_part(field, query.model(), options)?;
    match query {
        Query::Order { order } => number(&format!("{field}.order.order"), order.0, 1..=ORDER_MAX),
        Query::Page { order } => number(&format!("{field}.page.order"), order.0, 1..=ORDER_MAX),
        Query::Products { text, category, .. } => {
            let longest = text.len().max(category.as_ref().map_or(0, String::len));
            if longest <= NAME_MAX {
                return Ok(());
            }
            refuse(&format!("{field}.products"), format!("texts of at most {NAME_MAX} bytes"), longest)
        }
        Query::Orders { .. } | Query::History { .. } | Query::Work { .. } | Query::Export { .. } => Ok(()),
    }
}

fn access(options: &Options) -> Checked {
    let Some(access) = &options.queries.access else { return Ok(()) };
    takes_part("options.queries.access", Model::OrderWorkQueue, options)?;
    distribution("options.queries.access.ask_delay", &access.ask_delay)?;
    pause("options.queries.access.ask_timeout", access.ask_timeout)
}

fn composition(options: &Options) -> Checked {
    let Some(composition) = &options.queries.composition else { return Ok(()) };
    let at = |part: &str| format!("options.queries.composition.{part}");
    distribution(&at("delay"), &composition.delay)?;
    distribution(&at("join"), &composition.join)?;
    pause(&at("timeout"), composition.timeout)?;
    if let Some(settings) = composition.breaker {
        breaker(&at("breaker"), settings)?;
    }
    if composition.cuts.len() > WAYS_CUT_MAX {
        return refuse(&at("cuts"), format!("at most {WAYS_CUT_MAX}"), composition.cuts.len());
    }
    for (n, cut) in composition.cuts.iter().enumerate() {
        span(&at(&format!("cuts[{n}].at")), cut.at)?;
        span(&at(&format!("cuts[{n}].for")), cut.lasts)?;
    }
    Ok(())
}

/// Checks what an account is to see.
pub(super) fn rights(field: &str, rights: &Rights) -> Checked {
    number(&format!("{field}.tenant"), rights.tenant, 1..=TENANTS)?;
    rights.team.map_or(Ok(()), |team| number(&format!("{field}.team"), team, 1..=TEAMS))
}

fn api(field: &str, api: &QueryApi) -> Checked {
    distribution(&format!("{field}.delay"), &api.delay)?;
    distribution(&format!("{field}.service"), &api.service)?;
    number(&format!("{field}.workers"), u32::from(api.workers), 1..=64)?;
    pause(&format!("{field}.timeout"), api.timeout)?;
    number(&format!("{field}.tries"), u32::from(api.tries), 1..=10)
}
