//! What a client of the stream asks: a kind by the mix, about the order that was chosen for it.

use crate::shop::fulfilment::TEAMS;
use crate::shop::ids::{CustomerId, OrderId};
use crate::system::context::Context;
use crate::system::fate::{Purpose, Subject};

use super::clients::of_client;
use super::question::{OrderSort, ProductSort, Query};

/// The query of this name; none where the mix is empty.
pub fn chosen_query(subject: Subject, order: OrderId, session: CustomerId, ctx: &Context<'_>) -> Option<Query> {
    let mix = ctx.options.queries.stream.mix;
    let parts = [mix.order, mix.orders, mix.history, mix.products, mix.work, mix.page].map(u32::from);
    let mut drawn = ctx.fates.pick(of_client(Purpose::Choice, subject, 1), parts.iter().sum());
    let kind = parts.iter().position(|part| match drawn.checked_sub(*part) {
        None => true,
        Some(rest) => {
            drawn = rest;
            false
        }
    })?;
    let another = |n| ctx.fates.pick(of_client(Purpose::Choice, subject, 4), n);
    Some(match kind {
        0 => Query::Order { order },
        1 => Query::Orders { status: None, customer: Some(session), sort: OrderSort::Number },
        2 => Query::History { customer: session },
        3 => Query::Products {
            text: word(another, ctx),
            category: None,
            price_min_cents: None,
            price_max_cents: None,
            in_stock: false,
            sort: ProductSort::Price,
        },
        4 => Query::Work { team: Some(1 + another(TEAMS)), tenant: None, sensitive: None },
        _ => Query::Page { order },
    })
}

/// The first word of a product's name in the catalogue.
fn word(another: impl Fn(u32) -> u32, ctx: &Context<'_>) -> String {
    let catalogue = &ctx.options.workload.products;
    let count = u32::try_from(catalogue.len()).unwrap_or(u32::MAX);
    let product = catalogue.get(another(count.max(1)) as usize);
    product.and_then(|product| product.name.split_whitespace().next()).unwrap_or_default().to_owned()
}
