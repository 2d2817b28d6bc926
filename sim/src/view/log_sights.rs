//! In words: who may see what.

use crate::system::queries::sight::Sight;

use super::log_queries::counted;

/// The words for an entry.
pub fn told(what: Sight) -> String {
    match what {
        Sight::RightsAsked { query } => {
            format!("query API asks the customer service who may see the answer to {query}")
        }
        Sight::RightsUnheard { query } => format!("customer service is down and does not hear about {query}"),
        Sight::RightsTold { query, any: true } => {
            format!("customer service has said what the asker of {query} may see")
        }
        Sight::RightsTold { query, any: false } => {
            format!("customer service says that the asker of {query} has no rights")
        }
        Sight::Withheld { query, rows, fields: 0 } => format!("{} left out of the answer to {query}", counted(rows)),
        Sight::Withheld { query, rows: 0, fields } => {
            format!("a field left out of {} in the answer to {query}", counted(fields))
        }
        Sight::Withheld { query, rows, fields } => {
            format!("{} left out of the answer to {query}, and a field of {}", counted(rows), counted(fields))
        }
        Sight::Refused { query, why } => format!("{query} is refused: it would be {why}"),
        Sight::FoundShown { query, what, of, by_old_rights } => {
            let of = of.map(|of| format!(", {of}")).unwrap_or_default();
            let why = if by_old_rights { "by rights that are old" } else { "because nobody checks" };
            format!("the answer to {query} shows {what}{of}: {why}")
        }
        Sight::FoundDenied { query } => {
            format!("{query} is denied what its asker may see: its rights are not known yet")
        }
    }
}
