//! The scenarios that come with the lab.

/// A scenario that comes with the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in addresses and on the command line.
    pub slug: &'static str,
    /// Its title in menus.
    pub title: &'static str,
    /// The scenario as JSON.
    pub json: &'static str,
}

/// Every scenario that comes with the lab; the first is the one that opens by itself.
pub const PRESETS: [Preset; 4] = [
    Preset {
        slug: "first-minute",
        title: "The first minute",
        json: include_str!("../../../public/scenarios/first-minute.json"),
    },
    Preset {
        slug: "scenario-b",
        title: "Scenario B: delivered twice",
        json: include_str!("../../../public/scenarios/scenario-b.json"),
    },
    Preset {
        slug: "scenario-c",
        title: "Scenario C: out of order",
        json: include_str!("../../../public/scenarios/scenario-c.json"),
    },
    Preset {
        slug: "alerts",
        title: "Metrics and alerts: half as fast as it must be",
        json: include_str!("../../../public/scenarios/alerts.json"),
    },
];
