//! The Product Service and the Customer Service: the owners of what the Order Service needs to know.

use crate::kernel::pages::Pages;
use crate::shop::command::Command;
use crate::shop::customer::Customer;
use crate::shop::customer::rights::Rights;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{CustomerId, EventId, ProductId};
use crate::shop::product::Product;
use crate::shop::refusal::Refusal;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::task::Request;

use super::commit::commit;
use super::concurrency::{decided_on, write};
use super::outbox::Outbox;
use super::place_order::{CustomerFacts, Facts, ProductFacts};

/// The write store of the Product Service.
#[derive(Clone, Debug, Default)]
pub struct ProductService {
    products: Pages<Product>,
}

impl ProductService {
    /// A product, if it was ever created.
    pub fn product(&self, product: ProductId) -> Option<&Product> {
        self.products.get(product.index()).filter(|product| product.version > 0)
    }

    /// The row of a product; an empty one if it was never created.
    pub fn row(&self, product: ProductId) -> Product {
        self.products.get(product.index()).cloned().unwrap_or_default()
    }

    /// A product, to be changed.
    pub fn entry(&mut self, product: ProductId) -> &mut Product {
        self.products.entry(product.index())
    }

    /// Decides a command about a product and commits what follows, if anything does.
    ///
    /// # Errors
    /// The rule that the command would break.
    pub fn decide(
        &mut self,
        request: &Request,
        product: ProductId,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) -> Result<Option<EventId>, Refusal> {
        let Command::Product(command) = &request.command else { return Err(Refusal::ProductNotFound(product)) };
        let aggregate = self.entry(product);
        let Some(event) = decided_on(request, aggregate)?.decide(command)? else { return Ok(None) };
        let version = write(aggregate, &event, request, ctx)?;
        let recorded = Recorded { of: request.of, version, event: Event::Product(event) };
        Ok(Some(commit(request, recorded, store, outbox, ctx)))
    }
}

/// The write store of the Customer Service.
#[derive(Clone, Debug, Default)]
pub struct CustomerService {
    customers: Pages<Customer>,
}

impl CustomerService {
    /// A customer, if somebody registered.
    pub fn customer(&self, customer: CustomerId) -> Option<&Customer> {
        self.customers.get(customer.index()).filter(|customer| customer.version > 0)
    }

    /// What an account may see of the order work queue, if anything.
    pub fn rights(&self, account: CustomerId) -> Option<Rights> {
        self.customer(account).and_then(|customer| customer.rights)
    }

    /// The row of a customer; an empty one if nobody registered.
    pub fn row(&self, customer: CustomerId) -> Customer {
        self.customers.get(customer.index()).cloned().unwrap_or_default()
    }

    /// A customer, to be changed.
    pub fn entry(&mut self, customer: CustomerId) -> &mut Customer {
        self.customers.entry(customer.index())
    }

    /// Decides a command about a customer and commits what follows.
    ///
    /// # Errors
    /// The rule that the command would break.
    pub fn decide(
        &mut self,
        request: &Request,
        customer: CustomerId,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) -> Result<Option<EventId>, Refusal> {
        let Command::Customer(command) = &request.command else { return Err(Refusal::CustomerNotFound(customer)) };
        let aggregate = self.entry(customer);
        let event = decided_on(request, aggregate)?.decide(command)?;
        let version = write(aggregate, &event, request, ctx)?;
        let recorded = Recorded { of: request.of, version, event: Event::Customer(event) };
        Ok(Some(commit(request, recorded, store, outbox, ctx)))
    }
}

/// The owners' tables, read directly: what a shared database allows.
#[derive(Clone, Copy, Debug)]
pub struct Owners<'a> {
    /// The products.
    pub products: &'a ProductService,
    /// The customers.
    pub customers: &'a CustomerService,
}

impl Facts for Owners<'_> {
    fn customer(&self, customer: CustomerId) -> Option<CustomerFacts> {
        self.customers.customer(customer).map(|customer| CustomerFacts {
            active: !customer.suspended,
            membership: customer.membership,
            credit_limit: customer.credit_limit,
        })
    }

    fn product(&self, product: ProductId) -> Option<ProductFacts> {
        self.products.product(product).map(|product| ProductFacts {
            price: product.price,
            stock: product.stock,
            available: !product.discontinued,
        })
    }
}
