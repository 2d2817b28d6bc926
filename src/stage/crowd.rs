//! How many messages there are, and so how they are drawn.

/// How the messages are drawn: by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// Each with its name.
    Few,
    /// Each as a dot.
    Many,
    /// As one flow for each way.
    Flood,
}

impl Crowd {
    /// The way to draw so many messages.
    pub const fn of(count: usize) -> Self {
        match count {
            0..=60 => Self::Few,
            61..=400 => Self::Many,
            _ => Self::Flood,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    #[test]
    fn load_changes_the_picture() {
        assert_eq!([60, 61, 401].map(Crowd::of), [Crowd::Few, Crowd::Many, Crowd::Flood]);
    }
}
