//! The scenarios that come with the page, on shelves: one for each part of what the lab covers.

use sim::scenario::presets::{PRESETS, Preset};

/// A shelf: its heading, and the slugs of what stands on it.
const SHELVES: &[(&str, &[&str])] = &[
    ("Start here", &["first-minute"]),
    ("A · Services and data", &["refusals", "four-ways", "circuit-breaker", "bootstrap", "saga", "staleness-bound"]),
    (
        "B · Command side",
        &[
            "command-api",
            "client-retries",
            "repeated-later",
            "rules",
            "lost-update",
            "dual-write",
            "event-sourcing",
            "publish-in-request",
            "validation-cache",
        ],
    ),
    ("C · Broker", &["queue", "one-way-cut", "broker-outage", "dead-letters", "retention"]),
    (
        "D · Projections and read models",
        &[
            "read-models",
            "names",
            "look-ups",
            "batches",
            "checkpoint",
            "gap",
            "rebalance",
            "synchronous",
            "rebuild",
            "rebuild-without-history",
            "schema-change",
        ],
    ),
    (
        "E · Queries and consistency",
        &[
            "paging",
            "eventual-reads",
            "read-after-write",
            "bounded-staleness",
            "pending-state",
            "catch-up-token",
            "session-guarantees",
            "fallback",
            "command-side-read",
            "read-cache",
            "read-replicas",
            "edges",
            "revoked-right",
        ],
    ),
    ("F · Seeing and understanding", &["scenario-a", "scenario-b", "scenario-c", "alerts"]),
];

/// The heading of what stands on no other shelf.
const FURTHER: &str = "Further";

/// Every scenario by shelf, in the order of the menu. Nothing is left out: what is on no shelf stands on the last one.
pub fn shelves() -> Vec<(&'static str, Vec<&'static Preset>)> {
    let known = |slug: &str| PRESETS.iter().find(|preset| preset.slug == slug);
    let mut all: Vec<_> = SHELVES
        .iter()
        .map(|(title, slugs)| (*title, slugs.iter().filter_map(|slug| known(slug)).collect::<Vec<_>>()))
        .collect();
    let on_a_shelf = |preset: &&Preset| SHELVES.iter().any(|(_, slugs)| slugs.contains(&preset.slug));
    all.push((FURTHER, PRESETS.iter().filter(|preset| !on_a_shelf(preset)).collect()));
    all.retain(|(_, presets)| !presets.is_empty());
    all
}

/// What a scenario shows, in one sentence: the first of its own text that says what it alone shows.
pub fn one_line(preset: &Preset) -> String {
    let scenario: serde_json::Value = serde_json::from_str(preset.json).unwrap_or_default();
    let about = scenario["about"].as_str().unwrap_or_default();
    let about = about.strip_prefix("The same traffic. ").unwrap_or(about);
    let end = about.find(". ").map_or(about.len(), |end| end + 1);
    about[..end].to_owned()
}

/// Does a scenario fit every word of a search?
pub fn fits(preset: &Preset, line: &str, query: &str) -> bool {
    let text = format!("{} {} {line}", preset.title, preset.slug).to_lowercase();
    query.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{PRESETS, fits, one_line, shelves};

    #[test]
    fn every_scenario_stands_on_one_shelf_and_says_what_it_shows() {
        let mut slugs: Vec<_> =
            shelves().into_iter().flat_map(|(_, presets)| presets).map(|preset| preset.slug).collect();
        assert_eq!(slugs[0], PRESETS[0].slug);
        slugs.sort_unstable();
        let mut expected: Vec<_> = PRESETS.iter().map(|preset| preset.slug).collect();
        expected.sort_unstable();
        assert_eq!(slugs, expected);
        for preset in PRESETS {
            let line = one_line(preset);
            assert!(line.ends_with('.') && line.len() > 24, "{}: {line}", preset.slug);
        }
    }

    #[test]
    fn a_search_looks_at_title_slug_and_text() {
        let found = |query: &str| {
            PRESETS
                .iter()
                .filter(|preset| fits(preset, &one_line(preset), query))
                .map(|preset| preset.slug)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("scenario B twice"), ["scenario-b"]);
        assert_eq!(found("four-ways"), ["four-ways"]);
        assert_eq!(found("").len(), PRESETS.len());
    }
}
