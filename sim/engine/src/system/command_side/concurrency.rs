//! Several handlers at one store: each reads a row when it begins, decides at its end on what it has read, and writes
//! [seed 002, 004].
//!
//! One writer has nobody beside it. Optimistic handlers compare the version that they have read with the version that is there
//! when they write. Unguarded ones write over whatever is there: the last write wins, and what came between is lost.

use crate::shop::customer::Customer;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::ids::Version;
use crate::shop::order::Order;
use crate::shop::order::event::OrderEvent;
use crate::shop::product::Product;
use crate::shop::product::event::ProductEvent;
use crate::shop::refusal::Refusal;
use crate::system::commanding::Commanding;
use crate::system::context::Context;
use crate::system::options::Concurrency;
use crate::system::task::Request;
use crate::system::trace::What;

/// A row as a handler has read it.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Of the Order Service.
    Order(Order),
    /// Of the Product Service.
    Product(Product),
    /// Of the Customer Service.
    Customer(Customer),
}

/// A row of a write store.
pub trait Row: Clone {
    /// What can happen to it.
    type Event;
    /// How many events it has had.
    fn version(&self) -> Version;
    /// Takes in what has happened to it; that makes this its version.
    fn record(&mut self, event: &Self::Event, version: Version);
    /// What a handler has read, if it is a row of this kind.
    fn in_loaded(loaded: &Loaded) -> Option<&Self>;
}

macro_rules! row {
    ($kind:ident, $event:ident) => {
        impl Row for $kind {
            type Event = $event;

            fn version(&self) -> Version {
                self.version
            }

            fn record(&mut self, event: &$event, version: Version) {
                self.apply(event);
                self.version = version;
            }

            fn in_loaded(loaded: &Loaded) -> Option<&Self> {
                if let Loaded::$kind(row) = loaded { Some(row) } else { None }
            }
        }
    };
}

row!(Order, OrderEvent);
row!(Product, ProductEvent);
row!(Customer, CustomerEvent);

/// The row that a command is decided on: what its handler has read, or, where that is alone, the row that is there.
///
/// # Errors
/// The command's sender expects another version than the one that was read, or than the one that is there by now.
pub fn decided_on<'a, R: Row>(request: &'a Request, row: &'a R) -> Result<&'a R, Refusal> {
    let read = read(request).unwrap_or(row);
    match request.headers.expected {
        Some(expected) if expected != read.version() || expected != row.version() => {
            Err(Refusal::VersionConflict { expected, found: row.version() })
        }
        _ => Ok(read),
    }
}

/// Writes what has been decided, and gives the version that the row has with it.
///
/// # Errors
/// The row has changed since it was read, and its writers guard against that.
pub fn write<R: Row>(
    row: &mut R,
    event: &R::Event,
    request: &Request,
    ctx: &mut Context<'_>,
) -> Result<Version, Refusal> {
    let found = row.version();
    if let Some(read) = read::<R>(request).filter(|read| read.version() != found) {
        if ctx.options.order_service.concurrency != Concurrency::Unguarded {
            return Err(Refusal::VersionConflict { expected: read.version(), found });
        }
        let (command, of) = (request.id, request.of);
        ctx.record(What::Command(Commanding::WroteOver { command, of, read: read.version(), found }));
        row.clone_from(read);
    }
    // Events are numbered where they are stored, so even a lost update does not make two of them the same.
    row.record(event, found + 1);
    Ok(found + 1)
}

fn read<R: Row>(request: &Request) -> Option<&R> {
    request.loaded.as_deref().and_then(R::in_loaded)
}
