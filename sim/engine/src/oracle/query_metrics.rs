//! The metrics of queries, under the names that the seeds give them [001, 004]: latency, and results that were stale.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::percentile::percentile;
use crate::kernel::time::Micros;
use crate::system::queries::message::QueryId;
use crate::system::queries::reading::Reading;

/// The metrics of queries at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuerySample {
    /// How many queries were answered since the sample before.
    pub answered: u32,
    /// `read_query_latency_p99`: the longest latency but one in a hundred of them; zero when there was none.
    pub latency_p99: Micros,
    /// How many answers have left the API since the sample before.
    pub results: u32,
    /// How many of them were stale or wrong without saying so.
    pub stale: u32,
    /// `query_result_stale_total`: how many have been since the run began.
    pub stale_total: u32,
}

impl QuerySample {
    /// The share of results since the sample before that were stale or wrong, in parts per million; 0 of nothing.
    pub fn stale_ppm(&self) -> u32 {
        let ppm = (u64::from(self.stale) * 1_000_000).checked_div(u64::from(self.results)).unwrap_or(0);
        u32::try_from(ppm).unwrap_or(u32::MAX)
    }
}

/// The counters while a trace is read.
#[derive(Clone, Debug, Default)]
pub(super) struct QueryCounters {
    sent: BTreeMap<QueryId, Micros>,
    latencies: Vec<Micros>,
    /// The latencies since the last sample.
    fresh: Vec<Micros>,
    now: QuerySample,
}

impl QueryCounters {
    pub(super) fn take(&mut self, reading: Reading, at: Micros) {
        match reading {
            Reading::Asked { query, .. } => drop(self.sent.insert(query, at)),
            Reading::Answered { query } => self.fresh.extend(self.sent.remove(&query).map(|sent| at.since(sent))),
            Reading::Served { .. } => self.now.results += 1,
            Reading::FoundStale { said: false, .. } | Reading::FoundWrong { .. } => self.now.stale += 1,
            _ => {}
        }
    }

    pub(super) fn sample(&mut self) -> QuerySample {
        self.fresh.sort_unstable();
        let answered = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        let latency_p99 = percentile(&self.fresh, 99);
        self.latencies.append(&mut self.fresh);
        let stale_total = self.now.stale_total + self.now.stale;
        let sample = QuerySample { answered, latency_p99, stale_total, ..self.now };
        self.now = QuerySample { stale_total, ..QuerySample::default() };
        sample
    }

    /// All latencies, shortest first.
    pub(super) fn finish(mut self) -> Vec<Micros> {
        self.latencies.sort_unstable();
        self.latencies
    }
}

/// One bucket of a histogram: how many latencies are at most this long, those of shorter buckets included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// At most this long, in milliseconds; without a limit in the last bucket.
    pub le_ms: Option<u64>,
    /// How many.
    pub count: u64,
}

/// The upper ends of the buckets, in milliseconds. The seed's objective of 100 ms is one of them.
const BUCKETS_MS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];

/// The histogram of sorted latencies.
pub fn histogram(sorted: &[Micros]) -> Vec<Bucket> {
    let at_most = |limit: Micros| sorted.partition_point(|latency| *latency <= limit) as u64;
    let limited = BUCKETS_MS.map(|ms| Bucket { le_ms: Some(ms), count: at_most(Micros::from_millis(ms)) });
    let all = Bucket { le_ms: None, count: sorted.len() as u64 };
    limited.into_iter().chain([all]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Micros, QuerySample, histogram};

    #[test]
    fn buckets_count_what_is_not_longer() {
        let latencies = [1, 5, 6, 100, 101, 9_000].map(Micros::from_millis);
        let counts: Vec<u64> = histogram(&latencies).iter().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [2, 3, 3, 3, 4, 5, 5, 5, 5, 5, 6]);
    }

    #[test]
    fn the_share_of_nothing_is_nothing() {
        assert_eq!(QuerySample::default().stale_ppm(), 0);
        assert_eq!(QuerySample { results: 8, stale: 1, ..QuerySample::default() }.stale_ppm(), 125_000);
    }
}
