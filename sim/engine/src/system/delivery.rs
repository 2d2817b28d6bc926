//! The delivery of an event to a reader.

use bitcode::{Decode, Encode};

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;

use super::place::{PartitionId, Reader};

/// An event on its way to an instance, or waiting there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The event.
    pub event: EventId,
    /// The reader.
    pub reader: Reader,
    /// The instance, numbered from 0.
    pub instance: u8,
    /// The partition that it comes from.
    pub partition: PartitionId,
    /// Its offset there.
    pub offset: u32,
    /// The assignment that it belongs to.
    pub epoch: u32,
    /// Which delivery of this event to this reader, from 1.
    pub attempt: u16,
    /// Was it made by the link?
    pub copy: bool,
    /// When it left.
    pub sent: Micros,
}

impl Delivery {
    /// As the trace names it.
    pub const fn delivered(&self) -> Delivered {
        Delivered { event: self.event, reader: self.reader, instance: self.instance, attempt: self.attempt }
    }
}

/// A delivery of an event to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Delivered {
    /// The event.
    pub event: EventId,
    /// The reader.
    pub reader: Reader,
    /// The instance, numbered from 0.
    pub instance: u8,
    /// Which delivery of this event to this reader, from 1; 0 if nobody delivered it, because the reader is written in the
    /// command's transaction.
    pub attempt: u16,
}
