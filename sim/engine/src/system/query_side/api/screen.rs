//! What of an answer its asker gets to see. The rule itself is the shop's; here is which checks are on.

use crate::shop::customer::rights::{Forbidden, Rights};
use crate::system::context::Context;
use crate::system::options::Access;
use crate::system::queries::message::Asked;
use crate::system::queries::question::Query;
use crate::system::queries::reading::Reading;
use crate::system::queries::row::{Fields, Row};
use crate::system::queries::sight::Sight;
use crate::system::query_side::read_model::ReadModel;
use crate::system::trace::What;

/// Does what somebody gets to see depend on who asks?
pub const fn is_guarded(asked: &Asked, ctx: &Context<'_>) -> bool {
    ctx.options.queries.access.is_some() && asked.query.is_guarded()
}

/// What of these rows the asker gets to see, by the rights that were asked for, or else by those that the model knows.
///
/// # Errors
/// When the question itself is forbidden.
pub fn shown(asked: &Asked, rows: Vec<Row>, model: &ReadModel, ctx: &mut Context<'_>) -> Result<Vec<Row>, Forbidden> {
    let guarded = ctx.options.queries.access.as_ref().filter(|_| is_guarded(asked, ctx));
    let Some(checks) = guarded else { return Ok(rows) };
    let rights = asked.rights_told.unwrap_or_else(|| model.rights(asked.session));
    let screened = screened(&asked.query, rows, rights, checks)?;
    let (rows, fields) = (screened.rows_withheld, screened.fields_withheld);
    if rows > 0 || fields > 0 {
        ctx.record(What::Reading(Reading::Sight(Sight::Withheld { query: asked.id, rows, fields })));
    }
    Ok(screened.rows)
}

/// An answer as its asker may see it, as far as the checks go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// What is left.
    pub rows: Vec<Row>,
    /// How many rows are left out.
    pub rows_withheld: u16,
    /// How many of the others lack a field.
    pub fields_withheld: u16,
}

/// Leaves out of `rows` what these rights do not cover; none sees nothing.
///
/// # Errors
/// When the question itself is forbidden.
pub fn screened(
    query: &Query,
    mut rows: Vec<Row>,
    rights: Option<Rights>,
    checks: &Access,
) -> Result<Screened, Forbidden> {
    let may_know = rights.is_some_and(|rights| rights.sensitive);
    if checks.export && query.exports() && !rights.is_some_and(|rights| rights.export) {
        return Err(Forbidden::Export);
    }
    if checks.search && query.searches_by_sensitivity() && !may_know {
        return Err(Forbidden::Search);
    }
    let before = rows.len();
    rows.retain(|row| match row.fields {
        Fields::Work { team, tenant, .. } => {
            (!checks.tenant || rights.is_some_and(|rights| rights.cover_tenant(tenant)))
                && (!checks.row || rights.is_some_and(|rights| rights.cover_team(team)))
        }
        _ => true,
    });
    let rows_withheld = count(before - rows.len());
    let mut fields = 0;
    for row in rows.iter_mut().filter(|_| checks.field && !may_know) {
        if let Fields::Work { sensitive, .. } = &mut row.fields {
            fields += usize::from(sensitive.take().is_some());
        }
    }
    Ok(Screened { rows, rows_withheld, fields_withheld: count(fields) })
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
