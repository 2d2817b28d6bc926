//! Nobody is shown what he may not see [seed 004]: every answer against the rights that its asker has when it leaves, by the
//! Customer Service's own events. How the query API came by its decision plays no part.
//!
//! Rights that are asked of their source are as old as its reply. What is revoked in between is found here too.

use serde::Serialize;

use crate::shop::aggregate::Aggregate;
use crate::shop::customer::rights::{Forbidden, Rights};
use crate::shop::ids::CustomerId;
use crate::system::place::Model;
use crate::system::queries::message::{Outcome, Reply};
use crate::system::queries::reading::Reading;
use crate::system::queries::row::{Fields, Row};
use crate::system::queries::sight::Sight;
use crate::system::query_side::api::screen::screened;
use crate::system::query_side::api::table::selected;
use crate::system::query_side::read_model::ReadModel;
use crate::system::trace::{Trace, What};

use super::lab::Lab;
use super::truth::Truth;

/// What there is to say of an answer that has just left: that it shows too much, or too little.
pub fn judge(lab: &Lab, reply: &Reply) -> Option<Sight> {
    let asked = &reply.asked;
    let (query, id) = (&asked.query, asked.id);
    let checks = lab.world().options().queries.access.as_ref().filter(|_| query.is_guarded())?;
    let (now, used) = (rights_now(lab, asked.session), used(lab, reply));
    let model = read(lab, reply);
    let would = |rights| screened(query, selected(model, query), rights, checks);
    if is_refused(reply) {
        let denied = now.is_some() && would(now).is_ok();
        return denied.then_some(Sight::FoundDenied { query: id });
    }
    if let Some((what, of)) = shown_too_much(reply, now) {
        return Some(Sight::FoundShown { query: id, what, of, by_old_rights: used != now });
    }
    // It shows nothing that it should not. If the rights of now would give another answer, that has more in it.
    (used != now && would(used) != would(now)).then_some(Sight::FoundDenied { query: id })
}

/// The first thing in an answer that these rights do not cover, and the row that it is in.
fn shown_too_much(reply: &Reply, rights: Option<Rights>) -> Option<(Forbidden, Option<Aggregate>)> {
    let query = &reply.asked.query;
    let may_know = rights.is_some_and(|rights| rights.sensitive);
    if query.exports() && !rights.is_some_and(|rights| rights.export) {
        return Some((Forbidden::Export, None));
    }
    if query.searches_by_sensitivity() && !may_know {
        return Some((Forbidden::Search, None));
    }
    reply.page.rows.iter().find_map(|row| {
        let Fields::Work { team, tenant, sensitive, .. } = row.fields else { return None };
        let what = if !rights.is_some_and(|rights| rights.cover_tenant(tenant)) {
            Forbidden::Tenant
        } else if !rights.is_some_and(|rights| rights.cover_team(team)) {
            Forbidden::Row
        } else if sensitive.is_some() && !may_know {
            Forbidden::Field
        } else {
            return None;
        };
        Some((what, Some(row.of)))
    })
}

/// What an account may see now.
fn rights_now(lab: &Lab, account: CustomerId) -> Option<Rights> {
    if let Truth::Customer(customer) = lab.truth(account.into()) { customer.rights } else { None }
}

/// The rights that the answer was decided by.
fn used(lab: &Lab, reply: &Reply) -> Option<Rights> {
    reply.asked.rights_told.unwrap_or_else(|| read(lab, reply).rights(reply.asked.session))
}

/// The model that was read: the primary, or the replica that was asked.
fn read<'a>(lab: &'a Lab, reply: &Reply) -> &'a ReadModel {
    let replica = lab.world().reads().api.rows_of_copy(Model::OrderWorkQueue, reply.asked.keeper);
    replica.unwrap_or_else(|| lab.world().projector(Model::OrderWorkQueue).follower.target())
}

const fn is_refused(reply: &Reply) -> bool {
    matches!(reply.outcome, Outcome::Forbidden(_))
}

/// What an answer out of these true rows would show if its asker's rights were known as they are now. `None` for a refusal.
pub fn allowed(lab: &Lab, reply: &Reply, rows: Vec<Row>) -> Option<Vec<Row>> {
    if is_refused(reply) {
        return None;
    }
    let query = &reply.asked.query;
    match lab.world().options().queries.access.as_ref().filter(|_| query.is_guarded()) {
        None => Some(rows),
        // Rows that are missing because of old rights are a finding of their own, so here the rights used count.
        Some(checks) => screened(query, rows, used(lab, reply), checks).ok().map(|screened| screened.rows),
    }
}

/// What a row that tells the truth says, as far as the row shown goes: what is withheld is not wrong.
pub fn as_far_as(shown: &Row, mut truth: Row) -> Fields {
    if let (Fields::Work { sensitive: None, .. }, Fields::Work { sensitive, .. }) = (&shown.fields, &mut truth.fields) {
        *sensitive = None;
    }
    truth.fields
}

/// How answers stood to the rights of those who asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sights {
    /// How often the Customer Service was asked.
    pub asked: u64,
    /// Answers that were refused.
    pub refused: u64,
    /// Answers from which something was left out.
    pub withheld: u64,
    /// Answers that showed a row of another tenant.
    pub tenant: u64,
    /// Answers that showed a row of another team.
    pub row: u64,
    /// Answers that showed a field that was not for the asker.
    pub field: u64,
    /// Answers to a search by such a field.
    pub search: u64,
    /// Exports to whoever may not export.
    pub export: u64,
    /// How many of these five were decided by rights that were old.
    pub by_old_rights: u64,
    /// Answers that were refused, or left something out, although the asker might have had it.
    pub denied: u64,
}

impl Sights {
    /// How many answers showed what they should not.
    pub const fn shown(&self) -> u64 {
        self.tenant + self.row + self.field + self.search + self.export
    }
}

/// Reads a trace, which may be of any part of a run from its beginning.
pub fn sights(trace: Trace<'_>) -> Sights {
    let mut found = Sights::default();
    for entry in trace {
        let What::Reading(Reading::Sight(sight)) = entry.what else { continue };
        match sight {
            Sight::RightsAsked { .. } => found.asked += 1,
            Sight::Refused { .. } => found.refused += 1,
            Sight::Withheld { .. } => found.withheld += 1,
            Sight::FoundDenied { .. } => found.denied += 1,
            Sight::FoundShown { what, by_old_rights, .. } => {
                found.by_old_rights += u64::from(by_old_rights);
                match what {
                    Forbidden::Tenant => found.tenant += 1,
                    Forbidden::Row => found.row += 1,
                    Forbidden::Field => found.field += 1,
                    Forbidden::Search => found.search += 1,
                    // An answer is never shown because nothing is known of its asker.
                    Forbidden::Export | Forbidden::Unproven => found.export += 1,
                }
            }
            Sight::RightsUnheard { .. } | Sight::RightsTold { .. } => {}
        }
    }
    found
}
