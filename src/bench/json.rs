//! The scenario as a text that one can edit. What is wrong with it is said beside it, with line and path.

use leptos::ev::{Event, KeyboardEvent, Targeted};
use leptos::html::Textarea;
use leptos::prelude::*;
use sim::scenario::error::ScenarioError;
use sim::scenario::path::path_at;
use sim::scenario::recording::Scenario;
use web_sys::HtmlTextAreaElement;

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::button::button;

use super::options::draft::place_and_words;

/// The text. Copying it is free.
#[derive(Clone, Copy)]
pub struct JsonText {
    desk: Desk,
    /// The scenario of the run, as a text.
    base: Memo<String>,
    /// What a person has made of it; `None` while that is nothing else.
    draft: RwSignal<Option<String>>,
}

impl JsonText {
    /// The text of the run's scenario.
    pub fn new(desk: Desk) -> Self {
        let base = Memo::new(move |_| desk.present().to_json());
        Self { desk, base, draft: RwSignal::new(None) }
    }

    fn text(self) -> String {
        self.draft.get().unwrap_or_else(|| self.base.get())
    }

    /// Takes the text over. What was refused stays where it is.
    fn apply(self) {
        let text = self.text();
        if let Ok(scenario) = Scenario::from_json(&text) {
            self.draft.set(None);
            self.desk.send(Intent::Rewrite(Box::new(scenario)));
        }
    }
}

/// The line that an error is about, counted from 1.
fn line_of(error: &ScenarioError, text: &str) -> Option<usize> {
    match error {
        ScenarioError::Syntax { line, .. } | ScenarioError::Field { line, .. } => Some(*line),
        ScenarioError::Value { field, .. } => line_of_path(text, field),
        ScenarioError::TooLong { .. } => None,
    }
}

/// The first line that ends inside the field at a path.
fn line_of_path(text: &str, path: &str) -> Option<usize> {
    let last = path.rsplit('.').next()?.split('[').next()?;
    let key = format!("\"{last}\"");
    // Most lines do not name the field, and finding out where one is takes reading all that is before it.
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains(&key));
    lines
        .map(|(at, line)| (at + 1, line.len()))
        .find(|(line, width)| path_at(text, *line, *width).starts_with(path))
        .map(|(line, _)| line)
}

/// From where to where a line goes, in the browser's own count of characters.
fn extent_of_line(text: &str, line: usize) -> (u32, u32) {
    let width = |text: &str| text.encode_utf16().count();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(width).sum();
    let own = text.lines().nth(line.saturating_sub(1)).map_or(0, width);
    let fitting = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (fitting(start), fitting(start + own))
}

/// The text, what is wrong with it, and what to do with it.
pub fn view(json: JsonText) -> AnyView {
    let node: NodeRef<Textarea> = NodeRef::new();
    let problem = Memo::new(move |_| {
        let text = json.draft.get()?;
        let error = Scenario::from_json(&text).err()?;
        let line = line_of(&error, &text);
        let (place, words) = place_and_words(&error);
        Some((line, place, words))
    });
    let outdated = Memo::new(move |was: Option<&(String, bool)>| {
        let base = json.base.get();
        let touched = json.draft.with(Option::is_some);
        let began = was.filter(|_| touched).map_or_else(|| base.clone(), |(began, _)| began.clone());
        let differs = touched && began != base;
        (began, differs)
    });
    let typed = move |event: Targeted<Event, HtmlTextAreaElement>| {
        let text = event.target().value();
        json.draft.set((text != json.base.get_untracked()).then_some(text));
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            json.apply();
        }
    };
    let go_to = move |line: usize| {
        if let Some(area) = node.get_untracked() {
            let text = area.value();
            let (start, end) = extent_of_line(&text, line);
            // Where a browser selects nothing, the line's number is still said.
            let _ = area.focus();
            let _ = area.set_selection_range(start, end);
            let share = f64::from(area.scroll_height()) / text.lines().count().max(1) as f64;
            // A height in pixels, far from what a whole number can hold.
            #[expect(clippy::cast_possible_truncation)]
            area.set_scroll_top((share * line.saturating_sub(4) as f64) as i32);
        }
    };
    let said = move || match problem.get() {
        Some((line, place, words)) => {
            let to_line = line.map(|line| button("", format!("Go to line {line}"), move || go_to(line)));
            view! {
                <div class="options-refusal" role="alert">
                    <p><strong>"This is no scenario yet."</strong>" "<span class="mono">{place}</span>" "{words}</p>
                    <div class="actions">{to_line}</div>
                </div>
            }
            .into_any()
        }
        None if json.draft.with(Option::is_some) => {
            view! { <p class="options-note right" role="status">"A valid scenario. Ctrl Enter applies it."</p> }
                .into_any()
        }
        None => view! { <p class="options-note quiet" role="status">"The whole scenario, as a file holds it."</p> }
            .into_any(),
    };
    let warned = move || {
        outdated.with(|(_, differs)| *differs).then(|| {
            view! { <p class="options-note quiet">"The run has changed since you began to write: applying undoes that, taking back shows it."</p> }
        })
    };
    let untouched = move || json.draft.with(Option::is_none);
    view! {
        <div class="json-view">
            {said}
            {warned}
            <textarea
                node_ref=node
                class="text mono"
                aria-label="Scenario as JSON"
                spellcheck="false"
                autocomplete="off"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=move || json.text()
                on:input:target=typed
                on:keydown=keys
            ></textarea>
            <div class="option-backs">
                <button type="button" class="button" prop:disabled=move || untouched() || problem.with(Option::is_some) on:click=move |_| json.apply()>
                    "Apply"
                </button>
                <button type="button" class="button" prop:disabled=untouched on:click=move |_| json.draft.set(None)>
                    "Take it back"
                </button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sim::scenario::recording::Scenario;

    use super::{extent_of_line, line_of};

    #[test]
    fn an_error_is_found_in_its_line() {
        let text = Scenario::default().to_json();
        for (was, now, expected) in [
            ("\"partitions\": 2", "\"partitions\": 99", "partitions"),
            ("\"visibility\": \"5s\"", "\"visibility\": \"0s\"", "visibility"),
            ("\"lines_max\": 2", "\"lines_max\": \"two\"", "lines_max"),
            ("\"cancel\": 0.1,", "\"cancel\": 0.1", "remove_item"),
        ] {
            let wrong = text.replacen(was, now, 1);
            let error = Scenario::from_json(&wrong).expect_err(now);
            let line = line_of(&error, &wrong).expect("it has a line");
            let line = wrong.lines().nth(line - 1).unwrap_or_default();
            assert!(
                line.contains(expected) || line.contains("\"ship\"") || line.contains("\"think\""),
                "{now}: {line}"
            );
        }
    }

    #[test]
    fn lines_are_counted_as_the_browser_does() {
        assert_eq!(extent_of_line("a\n\u{1F600}b\nc", 2), (2, 5));
        assert_eq!(extent_of_line("a\nb", 9), (3, 3));
    }
}
