//! What a rebuild may ask for, which readers can have one, and when schemas change.

use crate::system::options::{Bug, Consumer, SchemaChange};
use crate::system::place::Reader;

use super::checks::{Checked, number, refuse, span};
use super::readers::consumer;

/// Checks the rebuild of a reader, and what is wrong with its code.
pub(super) fn rebuild(field: &str, reader: Reader, settings: &Consumer) -> Checked {
    let at = |part: &str| format!("{field}.rebuild.{part}");
    if reader.model().is_none() && settings.bug != Bug::None {
        return refuse(&format!("{field}.bug"), "\"none\", because it is no read model", "another");
    }
    let Some(rebuild) = &settings.rebuild else { return Ok(()) };
    if reader.model().is_none() {
        return refuse(&format!("{field}.rebuild"), "nothing, because it is no read model", "a rebuild");
    }
    if settings.synchronous {
        return refuse(&format!("{field}.rebuild"), "nothing, because it is synchronous", "a rebuild");
    }
    rebuild.at.map_or(Ok(()), |begin| span(&at("at"), begin))?;
    span(&at("shadow_for"), rebuild.shadow_for)?;
    span(&at("compare_within"), rebuild.compare_within)?;
    span(&at("keep_for"), rebuild.keep_for)?;
    number(&at("from_offset"), rebuild.from_offset, 0..=1_000_000)?;
    number(&at("samples"), u32::from(rebuild.samples), 0..=50)?;
    let Some(with) = &rebuild.with else { return Ok(()) };
    consumer(&at("with"), with)?;
    if with.rebuild.is_some() {
        return refuse(&at("with.rebuild"), "nothing: the model's own is meant", "a rebuild");
    }
    for (part, same) in [
        ("enabled", with.enabled == settings.enabled),
        ("synchronous", with.synchronous == settings.synchronous),
        ("names", with.names == settings.names),
        ("ttl", with.ttl == settings.ttl),
    ] {
        if !same {
            return refuse(&at(&format!("with.{part}")), "the same as in the version before", "something else");
        }
    }
    Ok(())
}

/// The most schema changes.
const CHANGES_MAX: usize = 10;

/// Checks when schemas change.
pub(super) fn schema_changes(changes: &[SchemaChange]) -> Checked {
    if changes.len() > CHANGES_MAX {
        return refuse("options.schema_changes", format!("at most {CHANGES_MAX}"), changes.len());
    }
    for (n, change) in changes.iter().enumerate() {
        span(&format!("options.schema_changes[{n}].at"), change.at)?;
    }
    Ok(())
}
