//! What the clients do.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kernel::distribution::Distribution;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::shop::actor::Actor;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::membership::Membership;
use crate::shop::customer::rights::Rights;
use crate::shop::ids::{CustomerId, KeyId, ProductId, read_text};
use crate::shop::money::Cents;

/// What the clients do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Workload {
    /// How many orders the clients create by themselves, 0 to 1,000,000. Default 60.
    #[schemars(range(max = 1_000_000))]
    pub orders: u32,
    /// The number of the first order, 1 to 1,000,000. Default 1.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub first_order: u32,
    /// The time between two new orders. Default exponential with a mean of 500 ms: a Poisson stream of 2 a second.
    pub gap: Distribution,
    /// The most lines an order starts with, 1 to 4. Default 2.
    #[schemars(range(min = 1, max = 4))]
    pub lines_max: u8,
    /// How likely a customer adds an item later. Default 0.25.
    pub add_item: Probability,
    /// How likely a customer takes that item out again. Default 0.2.
    pub remove_item: Probability,
    /// How likely a customer cancels instead of waiting for the parcel. Default 0.1.
    pub cancel: Probability,
    /// How likely an order that was not cancelled is shipped and delivered. Default 0.8.
    pub ship: Probability,
    /// The time between two steps of one order. Default lognormal, median 1.2 s, one in twenty over 3 s.
    pub think: Distribution,
    /// Commands that are sent at fixed times, besides the orders above; at most 10,000. Default none.
    pub script: Vec<Scripted>,
    /// What the shop sells and to whom before the run begins. Default: nothing is known of either, and orders carry their
    /// prices themselves.
    pub products: Vec<CatalogueProduct>,
    /// Who is a customer before the run begins. Default nobody.
    pub customers: Vec<CatalogueCustomer>,
    /// What the shop's own people change while it runs. Default nothing.
    pub back_office: BackOffice,
    /// How long random faults go on after the last answer; then the system is left to heal; up to 1 hour. Default 10 s.
    pub heal_after: Micros,
}

impl Workload {
    /// The lowest number that an order can have: tables start there.
    pub fn least_order(&self) -> u32 {
        let scripted = self.script.iter().filter_map(|line| line.to.order()).map(|order| order.0);
        scripted.chain([self.first_order]).min().unwrap_or(self.first_order)
    }
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            orders: 60,
            first_order: 1,
            gap: Distribution::Exponential { mean: Micros::from_millis(500) },
            lines_max: 2,
            add_item: Probability::from_percent(25),
            remove_item: Probability::from_percent(20),
            cancel: Probability::from_percent(10),
            ship: Probability::from_percent(80),
            think: Distribution::Lognormal { median: Micros::from_millis(1_200), p95: Micros::from_millis(3_000) },
            script: Vec::new(),
            products: Vec::new(),
            customers: Vec::new(),
            back_office: BackOffice::default(),
            heal_after: Micros::from_secs(10),
        }
    }
}

/// A command that a client sends at a fixed time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scripted {
    /// When it is sent.
    pub at: Micros,
    /// Whom it is about: an order, a product or a customer.
    #[serde(serialize_with = "write_aggregate", deserialize_with = "read_aggregate")]
    #[schemars(with = "Aggregate")]
    pub to: Aggregate,
    /// What it asks for.
    #[serde(rename = "do")]
    pub act: Act,
    /// The idempotency key that is written on it, with a number up to 10,000. Default its own, which no other command has.
    #[serde(default)]
    pub idempotency_key: Option<KeyId>,
    /// The version that it must still have, or it is refused (`If-Match`). Default any.
    #[serde(default)]
    pub expected_version: Option<u32>,
    /// Who asks: `staff`, `system` or a customer such as `C-123`. Default whoever usually asks for such a thing.
    #[serde(default)]
    pub actor: Option<Actor>,
}

impl Scripted {
    /// A command about which its sender says nothing in particular.
    pub const fn plain(at: Micros, to: Aggregate, act: Act) -> Self {
        Self { at, to, act, idempotency_key: None, expected_version: None, actor: None }
    }
}

fn write_aggregate<S: Serializer>(of: &Aggregate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(of)
}

fn read_aggregate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Aggregate, D::Error> {
    read_text(deserializer, "an order, product or customer such as \"O-900\", \"P-100\" or \"C-123\"")
}

/// What a scripted command asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Place a new order.
    CreateOrder {
        /// Who orders.
        customer: CustomerId,
        /// What is ordered; at most 16 lines.
        items: Vec<Item>,
    },
    /// Add one line.
    AddItem {
        /// The line to add.
        item: Item,
    },
    /// Take a line out; lines are numbered from 1 in the order in which they were added.
    RemoveItem {
        /// The line's number.
        line: u8,
    },
    /// Cancel the order.
    CancelOrder,
    /// Hand the parcel to the carrier.
    ShipOrder,
    /// The parcel has arrived.
    DeliverOrder,
    /// Let a product cost something else.
    ChangePrice {
        /// The new price of one, in cents.
        price_cents: Cents,
    },
    /// Add to a product's stock, or take from it.
    AdjustInventory {
        /// How many more; negative for fewer.
        by: i64,
    },
    /// Take a product off the market.
    DiscontinueProduct,
    /// Let a customer order no more.
    SuspendCustomer,
    /// Let a customer order again.
    ReactivateCustomer,
    /// Give a customer another membership.
    ChangeMembership {
        /// The membership.
        membership: Membership,
    },
    /// Let a credit customer owe more or less.
    ChangeCreditLimit {
        /// How much, in cents.
        credit_limit_cents: Cents,
    },
    /// Give a product another name.
    RenameProduct {
        /// The name; at most 200 bytes.
        name: String,
    },
    /// Give a customer another name.
    RenameCustomer {
        /// The name; at most 200 bytes.
        name: String,
    },
    /// Let an account see something of the order work queue, in place of what it may see now.
    GrantRights {
        /// What.
        rights: Rights,
    },
    /// Let an account see nothing of it any more.
    RevokeRights,
}

impl Act {
    /// Can this be asked of that kind of aggregate?
    pub const fn suits(&self, of: Aggregate) -> bool {
        match self {
            Self::CreateOrder { .. }
            | Self::AddItem { .. }
            | Self::RemoveItem { .. }
            | Self::CancelOrder
            | Self::ShipOrder
            | Self::DeliverOrder => matches!(of, Aggregate::Order(_)),
            Self::ChangePrice { .. } | Self::AdjustInventory { .. } | Self::DiscontinueProduct => {
                matches!(of, Aggregate::Product(_))
            }
            Self::SuspendCustomer
            | Self::ReactivateCustomer
            | Self::ChangeMembership { .. }
            | Self::ChangeCreditLimit { .. }
            | Self::RenameCustomer { .. }
            | Self::GrantRights { .. }
            | Self::RevokeRights => matches!(of, Aggregate::Customer(_)),
            Self::RenameProduct { .. } => matches!(of, Aggregate::Product(_)),
        }
    }

    /// Its name in a file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CreateOrder { .. } => "create_order",
            Self::AddItem { .. } => "add_item",
            Self::RemoveItem { .. } => "remove_item",
            Self::CancelOrder => "cancel_order",
            Self::ShipOrder => "ship_order",
            Self::DeliverOrder => "deliver_order",
            Self::ChangePrice { .. } => "change_price",
            Self::AdjustInventory { .. } => "adjust_inventory",
            Self::DiscontinueProduct => "discontinue_product",
            Self::SuspendCustomer => "suspend_customer",
            Self::ReactivateCustomer => "reactivate_customer",
            Self::ChangeMembership { .. } => "change_membership",
            Self::ChangeCreditLimit { .. } => "change_credit_limit",
            Self::RenameProduct { .. } => "rename_product",
            Self::RenameCustomer { .. } => "rename_customer",
            Self::GrantRights { .. } => "grant_rights",
            Self::RevokeRights => "revoke_rights",
        }
    }
}

/// One line of an order as a client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The product.
    pub product: ProductId,
    /// How many, 0 to 1,000,000.
    #[schemars(range(max = 1_000_000))]
    pub quantity: u32,
    /// The price of one, in cents.
    pub price_cents: Cents,
}

/// A product that is for sale when the run begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueProduct {
    /// Its id; numbers up to 10,000.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its category. Default empty.
    #[serde(default)]
    pub category: String,
    /// The price of one, in cents.
    pub price_cents: Cents,
    /// How many there are, 0 to 1,000,000.
    #[schemars(range(max = 1_000_000))]
    pub stock: u32,
}

/// A customer when the run begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueCustomer {
    /// The id; numbers up to 10,000.
    pub customer: CustomerId,
    /// The name.
    pub name: String,
    /// The membership. Default standard.
    #[serde(default)]
    pub membership: Membership,
    /// How much a credit customer may owe, in cents. Default 0.
    #[serde(default)]
    pub credit_limit_cents: Cents,
}

/// What the shop's own people change, each change about a product or a customer of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BackOffice {
    /// The time between two price changes, each by up to a fifth. Default never.
    pub price_gap: Option<Distribution>,
    /// The time between two deliveries of goods, each of 1 to 20 units. Default never.
    pub restock_gap: Option<Distribution>,
    /// For how long they go on, up to 1 hour. Default 30 s.
    pub until: Micros,
}

impl Default for BackOffice {
    fn default() -> Self {
        Self { price_gap: None, restock_gap: None, until: Micros::from_secs(30) }
    }
}
