//! What commands are called.

use bitcode::{Decode, Encode};
use core::fmt;

/// The name of a command, without what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[expect(
    missing_docs,
    reason = "they are the names of the commands of the three services, and of the payment provider"
)]
pub enum CommandName {
    CreateOrder,
    AddItem,
    RemoveItem,
    CancelOrder,
    ConfirmOrder,
    RejectOrder,
    ShipOrder,
    DeliverOrder,
    CreateProduct,
    ChangePrice,
    AdjustInventory,
    DiscontinueProduct,
    ReserveStock,
    ReleaseStock,
    RegisterCustomer,
    SuspendCustomer,
    ReactivateCustomer,
    ChangeMembership,
    ChangeCreditLimit,
    ChargePayment,
    RefundPayment,
    RenameProduct,
    RenameCustomer,
    GrantRights,
    RevokeRights,
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
