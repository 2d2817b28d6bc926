//! The parts of a composed answer, as the replies bring them, and how they are joined.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::shop::ids::ProductId;
use crate::shop::order::event::Line;

use super::page::{Page, Start, select};
use super::question::Query;
use super::row::{Fields, Row};

/// What has come so far.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The orders, with their lines: one for a page, several for a list.
    orders: Vec<(Row, Arc<[Line]>)>,
    /// Has the first call been answered?
    known: bool,
    next: Option<Start>,
    /// The customer's name; empty where the Customer Service knows none.
    customer_name: Option<Arc<str>>,
    /// The products' names; empty where the Product Service knows none.
    product_names: BTreeMap<ProductId, Arc<str>>,
}

impl Parts {
    /// Is it known what the answer is about? Without that there is nothing to show.
    pub const fn has_order(&self) -> bool {
        self.known
    }

    /// The Order Service has said what it has of an order.
    pub fn take_order(&mut self, found: Option<(Row, Arc<[Line]>)>) {
        self.known = true;
        self.orders.extend(found);
    }

    /// The Order Service has said which orders there are.
    pub fn take_list(&mut self, page: Page) {
        self.known = true;
        self.next = page.next;
        self.orders.extend(page.rows.into_iter().map(|row| (row, Arc::default())));
    }

    /// The Customer Service has said a name.
    pub fn take_customer(&mut self, name: Option<Arc<str>>) {
        self.customer_name = Some(name.unwrap_or_default());
    }

    /// The Product Service has said names.
    pub fn take_products(&mut self, names: Vec<(ProductId, Arc<str>)>) {
        self.product_names.extend(names);
    }

    /// The answer that they make.
    pub fn joined(self, query: &Query) -> Page {
        if let Query::Page { .. } = query {
            let rows = self.orders.iter().map(|(row, lines)| self.page_of(row, lines)).collect();
            return Page { rows, next: None };
        }
        let next = self.next.clone();
        Page { rows: select(query, self.orders.into_iter().map(|(row, _)| row).collect()), next }
    }

    /// A page of an order. Its products have no names while one of them is missing.
    fn page_of(&self, row: &Row, lines: &[Line]) -> Row {
        let Fields::Order { customer, status, quantity, total } = row.fields else { return row.clone() };
        let names: Option<Vec<Arc<str>>> =
            lines.iter().map(|line| self.product_names.get(&line.product).cloned()).collect();
        let product_names = names.map(|names| names.join(", ").into());
        let customer_name = self.customer_name.clone();
        Row { fields: Fields::Page { customer, status, quantity, total, customer_name, product_names }, ..row.clone() }
    }
}
