//! Who may see what: the checks of the query API, and where it has the rights from (MISSION E7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;

/// The rules of who may see what of the order work queue, and which of them the query API keeps. Rights are granted and
/// revoked by commands to the Customer Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    /// Are rows of other tenants left out? Default true.
    pub tenant: bool,
    /// Are rows of other teams left out? Default true.
    pub row: bool,
    /// Is a field left out that the asker may not see? Default true.
    pub field: bool,
    /// Is a search by such a field refused? Default true.
    pub search: bool,
    /// Is an export refused to whoever may not export? Default true.
    pub export: bool,
    /// Where the rights come from. Default projected.
    pub rights: RightsFrom,
    /// How long a question to the Customer Service, or its reply, travels. Default lognormal, median 10 ms, one in twenty over
    /// 30 ms.
    pub ask_delay: Distribution,
    /// How long the API waits for the reply before it refuses to answer, at least 1 ms. Default 1 s.
    pub ask_timeout: Micros,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            tenant: true,
            row: true,
            field: true,
            search: true,
            export: true,
            rights: RightsFrom::Projected,
            ask_delay: Distribution::Lognormal { median: Micros::from_millis(10), p95: Micros::from_millis(30) },
            ask_timeout: Micros::from_secs(1),
        }
    }
}

/// Where the query API has the asker's rights from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RightsFrom {
    /// From the read model itself, whose projection follows the customer events too: as old as that is.
    #[default]
    Projected,
    /// From the Customer Service, which is asked about every query: as old as its reply.
    Source,
}
