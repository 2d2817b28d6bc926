//! On what terms customers buy [seed 000].

use core::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// On what terms a customer buys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// Pays at once.
    #[default]
    Standard,
    /// Pays later, up to a limit.
    Credit,
}

impl fmt::Display for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::Credit => "credit",
        })
    }
}
