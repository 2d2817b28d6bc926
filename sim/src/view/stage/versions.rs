//! The versions of read models on the stage: which one serves, and how far the one beside it has come. Each keeps its place
//! when they change roles: what moves then is the word.

use crate::oracle::lab::Lab;
use crate::shop::money::grouped;
use crate::system::place::{Model, Place, Reader};
use crate::system::versions::Stage;

use super::nodes::read_model;
use super::places::target_of;
use super::{Mood, Node, marks};
use crate::view::stage::node::{lag, mood, of_instances, plain};

/// A version of a read model.
pub fn node(lab: &Lab, version: Reader, model: Model) -> Node {
    let pair = lab.world().versions(model);
    let serves = pair.serving() == version;
    let serving = read_model(lab, model);
    let alone = serves && !pair.is_busy() && pair.number(version) == 1;
    if alone {
        return serving;
    }
    let stage = pair.stage(version);
    let mut node = if serves { serving } else { beside(lab, version, &serving.title) };
    node.place = target_of(version);
    node.marks = marks::of_reader(lab, version);
    node.title = format!("{} v{}", node.title, pair.number(version));
    node.lines.insert(0, stage.to_string());
    if matches!(stage, Stage::Building | Stage::Rebuilding)
        && let Some((handled, of, left)) = lab.world().progress(model)
    {
        let left = left.map_or_else(|| "falling behind".to_owned(), |left| format!("about {left} left"));
        node.lines.insert(1, format!("{} of {} events, {left}", grouped(handled.into()), grouped(of.into())));
    }
    node
}

fn beside(lab: &Lab, version: Reader, title: &str) -> Node {
    let watch = lab.watch(version);
    let mood = match of_instances(lab.world().reader(version).instances()) {
        Mood::Fine => mood(watch.counts),
        stopped => stopped,
    };
    Node { mood, ..plain(Place::Broker, title, vec![lag(lab, watch)]) }
}
