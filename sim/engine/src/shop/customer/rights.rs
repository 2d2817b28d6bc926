//! What an account may see of the orders that wait to be shipped [seed 004].
//!
//! The Customer Service keeps the accounts of everybody who signs in, staff included, so it owns their rights too: it grants
//! and revokes them by commands, and tells of it by events like of everything else. Whoever answers queries has copies.
//!
//! The rule is written here and nowhere else. What an answer leaves out and what the oracle finds in it both go by it.

use bitcode::{Decode, Encode};
use core::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account may see. Without any, it sees none of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// The orders of this tenant, from 1.
    #[schemars(range(min = 1, max = 3))]
    pub tenant: u32,
    /// Of these, only what this team does, from 1. Default every team's.
    #[serde(default)]
    #[schemars(range(min = 1, max = 4))]
    pub team: Option<u32>,
    /// May it know which orders need care? Default no.
    #[serde(default)]
    pub sensitive: bool,
    /// May it take everything along at once? Default no.
    #[serde(default)]
    pub export: bool,
}

impl Rights {
    /// Do they cover a row of this tenant?
    pub const fn cover_tenant(&self, tenant: u32) -> bool {
        self.tenant == tenant
    }

    /// Do they cover a row of this team?
    pub fn cover_team(&self, team: u32) -> bool {
        self.team.is_none_or(|mine| mine == team)
    }
}

/// What rights may not cover, or why an answer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Forbidden {
    /// A row of another tenant.
    Tenant,
    /// A row of another team.
    Row,
    /// A field that the asker may not see.
    Field,
    /// A search by such a field: which rows come back says what is in it, even if it is not shown.
    Search,
    /// Everything at once.
    Export,
    /// Nobody could say what the asker may see.
    Unproven,
}

impl Forbidden {
    /// The five kinds of what can be shown although it is forbidden.
    pub const KINDS: [Self; 5] = [Self::Tenant, Self::Row, Self::Field, Self::Search, Self::Export];

    /// Its machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Row => "row",
            Self::Field => "field",
            Self::Search => "search",
            Self::Export => "export",
            Self::Unproven => "unproven",
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tenant => "a row of another tenant",
            Self::Row => "a row of another team",
            Self::Field => "a field that is not for the asker",
            Self::Search => "a search by a field that is not for the asker",
            Self::Export => "an export",
            Self::Unproven => "an answer to somebody whose rights are not known",
        })
    }
}
