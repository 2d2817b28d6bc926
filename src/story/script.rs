//! The first minute: which sentence and which one control the story offers, from what has happened in the run.

use sim::kernel::time::Micros;

/// What the story looks at. All of it is read from the recording and the moment, so it survives seeking and reloading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The event whose delivery was doubled, if one was.
    pub doubled: Option<String>,
    /// When it was.
    pub doubled_at: Micros,
    /// What went wrong, in words, once it has.
    pub wrong: Option<String>,
    /// Does the dashboard's projector remember processed events from now on?
    pub remembers: bool,
    /// Did it do so from the start of this run?
    pub remembered_from_start: bool,
    /// Has the second copy been skipped?
    pub bounced: bool,
}

/// Where in the story the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Nothing has gone wrong. Offers to deliver twice.
    Calm,
    /// A second copy is on its way.
    Split(String),
    /// The figure is wrong, for these reasons. Offers to remember processed events.
    Wrong(String),
    /// The protection is on, but what happened has happened. Offers to replay.
    Protected {
        /// When the event was doubled: the replay starts shortly before.
        doubled_at: Micros,
    },
    /// The same traffic again, with the protection.
    Again(String),
    /// The second copy bounced off. Offers what comes next.
    Cured(String),
}

/// The scene of a situation.
pub fn scene(situation: &Situation) -> Scene {
    let Some(event) = situation.doubled.clone() else { return Scene::Calm };
    match situation {
        Situation { remembered_from_start: true, bounced: true, .. } => Scene::Cured(event),
        Situation { remembered_from_start: true, .. } => Scene::Again(event),
        Situation { remembers: true, doubled_at, .. } => Scene::Protected { doubled_at: *doubled_at },
        Situation { wrong: Some(words), .. } => Scene::Wrong(words.clone()),
        _ => Scene::Split(event),
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, Scene, Situation, scene};

    #[test]
    fn the_story_goes_from_calm_to_cured() {
        let mut now = Situation::default();
        assert_eq!(scene(&now), Scene::Calm);
        now.doubled = Some("e7".to_owned());
        now.doubled_at = Micros(5);
        assert_eq!(scene(&now), Scene::Split("e7".to_owned()));
        now.wrong = Some("O-3 counted twice".to_owned());
        assert_eq!(scene(&now), Scene::Wrong("O-3 counted twice".to_owned()));
        now.remembers = true;
        assert_eq!(scene(&now), Scene::Protected { doubled_at: Micros(5) });
        now = Situation { wrong: None, remembered_from_start: true, ..now };
        assert_eq!(scene(&now), Scene::Again("e7".to_owned()));
        now.bounced = true;
        assert_eq!(scene(&now), Scene::Cured("e7".to_owned()));
    }
}
