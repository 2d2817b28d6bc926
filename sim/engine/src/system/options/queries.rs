//! Who asks, what, and the API that answers (MISSION E1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::shop::ids::CustomerId;
use crate::system::queries::page::Paging;
use crate::system::queries::question::Query;

use super::access::Access;
use super::composition::Composition;
use super::consistency::{Consistency, Contract};
use super::edges::Edges;
use super::scaling::{Cache, ReadReplicas};

/// Those who ask, and the API that answers. By default nobody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Queries {
    /// A stream of queries. By default it has none.
    pub stream: QueryStream,
    /// Clients who look at what they have just written. By default none does.
    pub read_after_write: ReadAfterWrite,
    /// Clients who read a list page after page; at most 100. Default none.
    pub walks: Vec<Walk>,
    /// Queries that are sent at fixed times; at most 10,000. Default none.
    pub script: Vec<ScriptedQuery>,
    /// The API, and the way to it.
    pub api: QueryApi,
    /// What an answer promises about how new it is.
    pub consistency: Consistency,
    /// A cache in front of the read models. Default none.
    pub cache: Option<Cache>,
    /// Copies of the read models. By default there are none.
    pub replicas: ReadReplicas,
    /// Who may see what of the order work queue. Stays, or stays away, as the run began. Default: everybody sees everything.
    pub access: Option<Access>,
    /// Answers that are composed of what the services say, instead of read from a model. Default none.
    pub composition: Option<Composition>,
    /// Edge servers near the clients, by which all commands of clients and all queries go. Default none.
    pub edges: Option<Edges>,
}

impl Queries {
    /// Is anything ever asked?
    pub const fn are_asked(&self) -> bool {
        self.stream.count > 0
            || self.read_after_write.likely.ppm() > 0
            || !self.walks.is_empty()
            || !self.script.is_empty()
    }

    /// Takes over from `begun` what is planned from the beginning.
    pub fn keep_script(&mut self, begun: &Self) {
        self.walks.clone_from(&begun.walks);
        self.script.clone_from(&begun.script);
        if let Some(edges) = &mut self.edges {
            edges.outages = begun.edges.as_ref().map(|begun| begun.outages.clone()).unwrap_or_default();
        }
        // With rights the order work queue follows the customers too, and whoever joins later would not know of them.
        match (&mut self.access, &begun.access) {
            (Some(_), Some(_)) | (None, None) => {}
            (access, begun) => access.clone_from(begun),
        }
    }
}

/// Queries that come one after another, each in the session of the customer whose order was chosen for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueryStream {
    /// How many, 0 to 1,000,000. Default 0.
    #[schemars(range(max = 1_000_000))]
    pub count: u32,
    /// The time between two of them. Default exponential with a mean of 100 ms: a Poisson stream of 10 a second.
    pub gap: Distribution,
    /// Of which kinds.
    pub mix: Mix,
    /// How likely a query is about the order that was written last, rather than about any order. Default 0.5.
    pub recent: Probability,
}

impl Default for QueryStream {
    fn default() -> Self {
        Self {
            count: 0,
            gap: Distribution::Exponential { mean: Micros::from_millis(100) },
            mix: Mix::default(),
            recent: Probability::from_percent(50),
        }
    }
}

/// How often each kind of query is asked, as parts of all parts. A kind whose read model takes no part can not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mix {
    /// One order, 0 to 100 parts. Default 1.
    #[schemars(range(max = 100))]
    pub order: u8,
    /// A customer's orders in the order view, 0 to 100 parts. Default 0.
    #[schemars(range(max = 100))]
    pub orders: u8,
    /// A customer's history, 0 to 100 parts. Default 0.
    #[schemars(range(max = 100))]
    pub history: u8,
    /// Products by a word, 0 to 100 parts. Default 0.
    #[schemars(range(max = 100))]
    pub products: u8,
    /// A team's work, 0 to 100 parts. Default 0.
    #[schemars(range(max = 100))]
    pub work: u8,
    /// The page of one order, 0 to 100 parts. Default 0.
    #[schemars(range(max = 100))]
    pub page: u8,
}

impl Default for Mix {
    fn default() -> Self {
        Self { order: 1, orders: 0, history: 0, products: 0, work: 0, page: 0 }
    }
}

/// Clients who look at what they have just written [seed 002].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReadAfterWrite {
    /// How likely a client that got the answer to an accepted command reads its order. Default 0.
    pub likely: Probability,
    /// How long it thinks before. Default constant, 50 ms.
    pub think: Distribution,
    /// Does it look at the order's page, with names, rather than at the order alone? Default false.
    pub page: bool,
}

impl Default for ReadAfterWrite {
    fn default() -> Self {
        Self { likely: Probability::NEVER, think: Distribution::constant_millis(50), page: false }
    }
}

/// A client who reads a list page after page, while rows change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    /// When the first page is asked for.
    pub at: Micros,
    /// Whose session it is.
    pub by: CustomerId,
    /// The list.
    pub ask: Query,
    /// How the client goes from page to page. Default keyset.
    #[serde(default)]
    pub paging: Paging,
    /// Rows to a page, 1 to 200. Default 20.
    #[serde(default = "page_size")]
    #[schemars(range(min = 1, max = 200))]
    pub size: u16,
    /// How long the client reads before it asks for the next page. Default constant, 1 s.
    #[serde(default = "reading_time")]
    pub think: Distribution,
}

/// A query that is sent at a fixed time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptedQuery {
    /// When it is sent.
    pub at: Micros,
    /// Whose session it is.
    pub by: CustomerId,
    /// What is asked.
    pub ask: Query,
    /// The most rows of a list, 1 to 200. Default 20.
    #[serde(default = "page_size")]
    #[schemars(range(min = 1, max = 200))]
    pub size: u16,
    /// What is promised of this answer. Default what `consistency.contract` promises everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
}

/// Rows to a page, where nobody says otherwise.
pub const PAGE_SIZE: u16 = 20;

const fn page_size() -> u16 {
    PAGE_SIZE
}

const fn reading_time() -> Distribution {
    Distribution::constant_millis(1_000)
}

/// The query API, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueryApi {
    /// How long a query or an answer travels. Default lognormal, median 20 ms, one in twenty over 60 ms.
    pub delay: Distribution,
    /// How likely a query or an answer does not arrive. Default 0.
    pub loss: Probability,
    /// How long the API works on a query. Default constant, 2 ms.
    pub service: Distribution,
    /// How many queries it works on at once, 1 to 64. Default 4.
    #[schemars(range(min = 1, max = 64))]
    pub workers: u8,
    /// How long a client waits for an answer before it asks again, at least 1 ms. Default 1 s.
    pub timeout: Micros,
    /// How often a client asks in all, 1 to 10. Default 3.
    #[schemars(range(min = 1, max = 10))]
    pub tries: u16,
}

impl Default for QueryApi {
    fn default() -> Self {
        Self {
            delay: Distribution::Lognormal { median: Micros::from_millis(20), p95: Micros::from_millis(60) },
            loss: Probability::NEVER,
            service: Distribution::constant_millis(2),
            workers: 4,
            timeout: Micros::from_secs(1),
            tries: 3,
        }
    }
}
