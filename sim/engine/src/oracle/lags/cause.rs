//! Why a copy has not got an event yet: by where the event is, seen from the reader that waits for it.

/// Why an event is not in a copy yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It is committed, and nobody has published it yet.
    Outbox,
    /// It is on its way to the log, or from the log to the reader.
    Broker,
    /// It lies in the log, or in front of an instance that has others to handle first.
    Queueing,
    /// It came before one that it needs, and is held back.
    Gap,
    /// A try has failed, or was lost, and there will be another.
    Retry,
    /// Nobody will send it again by itself: it was lost, passed over, or put aside.
    Lost,
    /// Its read model has it, and the state that has it is not at the copy yet.
    Copying,
}

impl Cause {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every cause, in the order in which an event meets them; what keeps it from copies only comes last.
    pub const ALL: [Self; 7] =
        [Self::Outbox, Self::Broker, Self::Queueing, Self::Gap, Self::Retry, Self::Lost, Self::Copying];

    /// Its number, for tables with one entry for each cause.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Broker => "broker delay",
            Self::Queueing => "queueing",
            Self::Gap => "gap wait",
            Self::Retry => "retry",
            Self::Lost => "lost",
            Self::Copying => "copying",
        }
    }
}

/// Where an event is, seen from one reader. Instances are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Station {
    /// Committed, and not published.
    Outbox,
    /// On its way to the log.
    ToLog,
    /// In the log, to be sent.
    InLog,
    /// On its way to an instance.
    ToReader(u8),
    /// With an instance.
    AtReader(u8),
    /// With an instance, and behind the position that is saved: a crash would lose it.
    Saved(u8),
    /// Held back until its predecessors come.
    Held,
    /// To be sent or handled once more.
    Missed,
    /// Nobody will send it again by itself.
    Lost,
    /// In the read model, and not in this copy of it.
    Copying,
}

impl Station {
    /// The cause that it stands for.
    pub(super) const fn cause(self) -> Cause {
        match self {
            Self::Outbox => Cause::Outbox,
            Self::ToLog | Self::ToReader(_) => Cause::Broker,
            Self::InLog | Self::AtReader(_) | Self::Saved(_) => Cause::Queueing,
            Self::Held => Cause::Gap,
            Self::Missed => Cause::Retry,
            Self::Lost => Cause::Lost,
            Self::Copying => Cause::Copying,
        }
    }

    /// The instance that has it, or to which it is on its way.
    pub(super) const fn instance(self) -> Option<u8> {
        match self {
            Self::ToReader(number) | Self::AtReader(number) | Self::Saved(number) => Some(number),
            _ => None,
        }
    }
}
