//! How saved files are called: by the scenario, by what is in them, and by the moment that they show.

use leptos::prelude::*;
use sim::kernel::time::Micros;

use crate::desk::Desk;
use sim::view::words::clock;

/// The name of a file that holds the whole run, as far as it is known.
pub fn of_run(desk: Desk, end: &str) -> String {
    format!("{}-{end}", stem(desk))
}

/// The name of a file that holds what is seen at the moment.
pub fn of_moment(desk: Desk, what: &str, ending: &str) -> String {
    format!("{}-{what}-{}.{ending}", stem(desk), moment(desk.clock.get_untracked()))
}

/// A moment as a part of a file's name.
fn moment(at: Micros) -> String {
    format!("at-{}", clock(at).replace(' ', ""))
}

/// How the names of all files of a run begin: as its scenario is called in addresses, or as its title would be.
fn stem(desk: Desk) -> String {
    let title = || desk.title.with_untracked(|title| slug(&title.0));
    desk.slug.get_untracked().map_or_else(title, str::to_owned)
}

/// A title as a part of a file's name: small letters, figures and single dashes.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.take(8).collect::<Vec<_>>().join("-").to_lowercase();
    if slug.is_empty() { "run".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::{Micros, moment, slug};

    #[test]
    fn a_title_becomes_a_part_of_a_file_name() {
        assert_eq!(slug("Metrics and alerts: half as fast!"), "metrics-and-alerts-half-as-fast");
        assert_eq!([slug("…"), slug("")], ["run", "run"]);
    }

    #[test]
    fn so_does_a_moment() {
        assert_eq!(moment(Micros::from_millis(12_340)), "at-12.34s");
    }
}
