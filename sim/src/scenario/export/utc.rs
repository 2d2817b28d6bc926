//! Virtual time as a date, for formats that want one.

use crate::kernel::time::Micros;

/// A moment of the run as RFC 3339 has it. Every run begins at 2026-01-01T00:00:00Z: a date that no clock gave, so that the
/// same run is the same text.
pub fn rfc3339(at: Micros) -> String {
    let (days, micros) = (at.0 / DAY, at.0 % DAY);
    let (year, month, day) = date(days);
    let seconds = micros / 1_000_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", micros % 1_000_000)
}

const DAY: u64 = 24 * 3_600 * 1_000_000;
const FIRST_YEAR: u64 = 2026;

fn date(mut days: u64) -> (u64, u64, u64) {
    let mut year = FIRST_YEAR;
    while days >= 365 + leap(year) {
        days -= 365 + leap(year);
        year += 1;
    }
    let february = 28 + leap(year);
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

fn leap(year: u64) -> u64 {
    u64::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)))
}

#[cfg(test)]
mod tests {
    use super::{DAY, Micros, rfc3339};

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(rfc3339(Micros(1_500_001)), "2026-01-01T00:00:01.500001Z");
        assert_eq!(rfc3339(Micros(DAY * 58 + 3_661_000_000)), "2026-02-28T01:01:01.000000Z");
        assert_eq!(rfc3339(Micros(DAY * (365 * 2 + 59))), "2028-02-29T00:00:00.000000Z");
        assert_eq!(rfc3339(Micros(DAY * (365 * 2 + 366 - 1))), "2028-12-31T00:00:00.000000Z");
        assert_eq!(rfc3339(Micros(DAY * (365 * 2 + 366))), "2029-01-01T00:00:00.000000Z");
    }
}
