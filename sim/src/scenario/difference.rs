//! How options differ from others, each by its path. Of two runs only the design can differ; their traffic is the same.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::system::options::Options;

use super::json;
use super::recording::Scenario;
use super::value_path;

/// One option that is otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Where it is among the options, such as `projections.order_view.idempotency`.
    pub path: String,
    /// What it is there.
    pub value: Value,
}

/// Where `wanted` differs from `options`.
pub fn between(options: &Options, wanted: &Options) -> Vec<Difference> {
    let (here, there) = (json::of_options(options), json::of_options(wanted));
    let paths = value_path::differences(&here, &there);
    let difference =
        |path: String| Difference { value: value_path::get(&there, &path).cloned().unwrap_or_default(), path };
    paths.into_iter().map(difference).collect()
}

/// The options with the differences put in; `None` where the machine would not take them together.
pub fn patched(options: &Options, differences: &[Difference]) -> Option<Options> {
    let mut value = json::of_options(options);
    for one in differences {
        value_path::put(&mut value, &one.path, one.value.clone());
    }
    let options = json::to_options(&value).ok()?;
    let scenario = Scenario { options, ..Scenario::default() };
    scenario.check().ok()?;
    Some(scenario.options)
}

/// The differences the other way round: what `options` have where something else is wanted.
pub fn reversed(options: &Options, differences: &[Difference]) -> Vec<Difference> {
    let here = json::of_options(options);
    let back = |one: &Difference| {
        let value = value_path::get(&here, &one.path).cloned().unwrap_or_default();
        Difference { path: one.path.clone(), value }
    };
    differences.iter().map(back).collect()
}

/// The options with the traffic of others: what clients send and ask, and when.
pub fn with_traffic_of(options: &Options, others: &Options) -> Options {
    let mut options = options.clone();
    options.workload.clone_from(&others.workload);
    let (mine, theirs) = (&mut options.queries, &others.queries);
    mine.stream.clone_from(&theirs.stream);
    mine.read_after_write.clone_from(&theirs.read_after_write);
    mine.walks.clone_from(&theirs.walks);
    mine.script.clone_from(&theirs.script);
    options
}

#[cfg(test)]
mod tests {
    use crate::system::options::{Idempotency, Options};
    use serde_json::json;

    use super::{Difference, between, patched, reversed, with_traffic_of};

    fn remembering() -> Options {
        let mut options = Options::default();
        options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
        options
    }

    #[test]
    fn what_differs_makes_one_the_other_and_back() {
        let (plain, wanted) = (Options::default(), remembering());
        let differences = between(&plain, &wanted);
        let expected =
            Difference { path: "projections.order_view.idempotency".to_owned(), value: json!("processed_events") };
        assert_eq!(differences, [expected]);
        assert_eq!(patched(&plain, &differences).as_ref(), Some(&wanted));
        assert_eq!(patched(&wanted, &reversed(&plain, &differences)), Some(plain.clone()));
        assert_eq!(reversed(&plain, &differences)[0].value, json!("none"));
    }

    #[test]
    fn what_the_machine_would_not_take_is_no_design() {
        let too_many = Difference { path: "broker.partitions".to_owned(), value: json!(99) };
        let unknown = Difference { path: "broker.colour".to_owned(), value: json!("red") };
        assert_eq!(patched(&Options::default(), &[too_many]), None);
        assert_eq!(patched(&Options::default(), &[unknown]), None);
    }

    #[test]
    fn traffic_is_shared() {
        let mut busy = remembering();
        busy.workload.orders += 7;
        busy.queries.stream.count += 9;
        assert_eq!(with_traffic_of(&busy, &Options::default()), remembering());
        assert!(between(&Options::default(), &with_traffic_of(&Options::default(), &busy)).len() == 2);
    }
}
