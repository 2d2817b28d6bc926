//! What is cut, and when the broker is out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::time::Micros;
use crate::system::node::Node;

/// The network between the nodes, while faults are on: at the end of a run it is healed like everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Links that are cut for a while, each one way. What leaves meanwhile is lost. Default none.
    pub cuts: Vec<Cut>,
    /// When the broker is out: it takes nothing and hands out nothing. Default never.
    pub outages: Vec<Outage>,
    /// Cut by a person while the run goes. Not part of a scenario: a recording has the changes.
    #[serde(skip)]
    pub cuts_by_hand: Vec<Cut>,
    /// Outages that a person has made while the run goes.
    #[serde(skip)]
    pub outages_by_hand: Vec<Outage>,
}

/// A link that is cut for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Where messages come from. One of the two ends is the broker; or one is an edge, and the other the origin; or one asks the
    /// other, as the gateway and the Order Service ask services.
    pub from: Node,
    /// Where they go.
    pub to: Node,
    /// From when on.
    pub at: Micros,
    /// For how long.
    #[serde(rename = "for")]
    pub lasts: Micros,
}

/// A time during which the broker is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// From when on.
    pub at: Micros,
    /// For how long.
    #[serde(rename = "for")]
    pub lasts: Micros,
}

const fn covers(at: Micros, lasts: Micros, now: Micros) -> bool {
    at.0 <= now.0 && now.0 < at.0.saturating_add(lasts.0)
}

impl Network {
    /// Is the way between two nodes cut at this moment?
    pub fn is_cut(&self, from: Node, to: Node, now: Micros) -> bool {
        let mut cuts = self.cuts.iter().chain(&self.cuts_by_hand);
        cuts.any(|cut| cut.from.means(from) && cut.to.means(to) && covers(cut.at, cut.lasts, now))
    }

    /// Since when the way between two nodes is cut, if it is at this moment.
    pub fn cut_since(&self, from: Node, to: Node, now: Micros) -> Option<Micros> {
        let cuts = self.cuts.iter().chain(&self.cuts_by_hand);
        let lasting = cuts.filter(|cut| cut.from.means(from) && cut.to.means(to) && covers(cut.at, cut.lasts, now));
        lasting.map(|cut| cut.at).min()
    }

    /// Is the broker out at this moment?
    pub fn broker_is_out(&self, now: Micros) -> bool {
        self.all_outages().any(|outage| covers(outage.at, outage.lasts, now))
    }

    /// Every outage of the broker.
    pub fn all_outages(&self) -> impl Iterator<Item = &Outage> {
        self.outages.iter().chain(&self.outages_by_hand)
    }

    /// Ends every cut of a link that lasts; true when there was one.
    pub fn end_cuts(&mut self, from: Node, to: Node, now: Micros) -> bool {
        let mut found = false;
        for cut in self.cuts.iter_mut().chain(&mut self.cuts_by_hand) {
            if from.means(cut.from) && to.means(cut.to) && cut.at <= now && now < cut.at + cut.lasts {
                cut.lasts = now.since(cut.at);
                found = true;
            }
        }
        found
    }

    /// Ends every outage that lasts; true when there was one.
    pub fn end_outages(&mut self, now: Micros) -> bool {
        let mut found = false;
        for outage in self.outages.iter_mut().chain(&mut self.outages_by_hand) {
            if outage.at <= now && now < outage.at + outage.lasts {
                outage.lasts = now.since(outage.at);
                found = true;
            }
        }
        found
    }
}
