//! What a scenario is made of as JSON, and back.
//!
//! Each reader and each writer that the options are used with is code of its own, a hundred kilobytes that the page would have to
//! download. So there is one reader, of texts, and one writer, of indented texts; a value is made by way of the text. And
//! nothing here is generic to the outside, because each crate that uses a generic function would get copies of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kernel::distribution::Distribution;
use crate::system::options::Options;

use super::recording::Scenario;

/// Plain data as an indented text.
pub(super) fn text(of: &impl Serialize) -> String {
    // Serialising plain data to a text can not fail: there are no maps with keys that are no texts.
    serde_json::to_string_pretty(of).unwrap_or_default()
}

/// Plain data as a value.
pub(super) fn value(of: &impl Serialize) -> Value {
    serde_json::from_str(&text(of)).unwrap_or_default()
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

/// A scenario as a value, with everything that a file may leave out.
pub fn whole(scenario: &Scenario) -> Value {
    let mut whole = value(scenario);
    for (name, part) in [
        ("about", value(&scenario.about)),
        ("overrides", value(&scenario.overrides)),
        ("metrics", value(&scenario.metrics)),
        ("slo", value(&scenario.slo)),
        ("alerts", value(&scenario.alerts)),
    ] {
        whole[name] = part;
    }
    whole
}

/// Options as a value.
pub fn of_options(options: &Options) -> Value {
    value(options)
}

/// The options that a value stands for.
///
/// # Errors
/// Why it stands for none.
pub fn to_options(value: &Value) -> Result<Options, serde_json::Error> {
    read(value)
}

/// A distribution as a value.
pub fn of_distribution(distribution: &Distribution) -> Value {
    value(distribution)
}

/// The distribution that a value stands for.
///
/// # Errors
/// Why it stands for none.
pub fn to_distribution(value: &Value) -> Result<Distribution, serde_json::Error> {
    read(value)
}

#[cfg(test)]
mod tests {
    use crate::kernel::distribution::Distribution;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::recording::Recording;
    use crate::system::options::Options;

    use super::{of_distribution, of_options, to_distribution, to_options, value, whole};

    #[test]
    fn a_value_is_what_a_writer_of_values_would_make() {
        for preset in PRESETS {
            let recording = Recording::from_json(preset.json).expect("it comes with the lab");
            assert_eq!(Some(value(&recording)), serde_json::to_value(&recording).ok(), "{}", preset.slug);
        }
    }

    #[test]
    fn a_scenario_that_is_whole_is_still_the_same() {
        for preset in PRESETS {
            let scenario = Recording::from_json(preset.json).expect("it comes with the lab").scenario;
            let text = whole(&scenario).to_string();
            assert_eq!(
                Recording::from_json(&text).map(|read| read.scenario).as_ref(),
                Ok(&scenario),
                "{}",
                preset.slug
            );
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let options = Options::default();
        assert_eq!(to_options(&of_options(&options)).ok(), Some(options));
        let span = Distribution::constant_millis(120);
        assert_eq!(to_distribution(&of_distribution(&span)).ok(), Some(span));
    }
}
