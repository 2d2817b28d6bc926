//! Where in a JSON text a reader stopped: the path of the field, such as `options.broker.partitions`.
//!
//! The reader knows line and column, and the text knows the rest. A library that tracks the path while reading would double
//! the code of every type that is read, which the page has to download.

use core::fmt::Write as _;

/// The path of the last key or value that begins before this line and column, both counted from 1; empty for the whole text.
pub fn path_at(text: &str, line: usize, column: usize) -> String {
    let start_of_line: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut walk = Walk::default();
    let mut bytes = text.bytes().enumerate().take(start_of_line + column).peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => walk.open(Step::Key(0..0)),
            b'[' => walk.open(Step::Item(0)),
            b'}' | b']' => walk.close(),
            b',' => walk.next_item(),
            b'"' => {
                let mut end = at + 1;
                let mut escaped = false;
                for (inner, byte) in bytes.by_ref() {
                    end = inner;
                    if byte == b'"' && !escaped {
                        break;
                    }
                    escaped = byte == b'\\' && !escaped;
                }
                walk.text(at + 1..end);
            }
            b':' => walk.key_is_complete = true,
            _ => {}
        }
    }
    walk.path(text)
}

/// One step of a path: where a key stands in the text, or the number of an item.
enum Step {
    Key(core::ops::Range<usize>),
    Item(usize),
}

/// The containers that are open, with the place in each.
#[derive(Default)]
struct Walk {
    steps: Vec<Step>,
    key_is_complete: bool,
    /// Was a container closed last? Then the place is the container, not what was in it.
    closed: bool,
}

impl Walk {
    fn open(&mut self, first: Step) {
        self.steps.push(first);
        self.key_is_complete = false;
        self.closed = false;
    }

    fn close(&mut self) {
        self.steps.pop();
        self.key_is_complete = true;
        self.closed = true;
    }

    fn next_item(&mut self) {
        match self.steps.last_mut() {
            Some(Step::Item(number)) => *number += 1,
            Some(Step::Key(_)) => self.key_is_complete = false,
            None => {}
        }
        self.closed = false;
    }

    fn text(&mut self, range: core::ops::Range<usize>) {
        if let Some(Step::Key(key)) = self.steps.last_mut().filter(|_| !self.key_is_complete) {
            *key = range;
        }
        self.closed = false;
    }

    fn path(&self, text: &str) -> String {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Key(range) if range.is_empty() => {}
                Step::Key(range) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    path.push_str(dot);
                    path.push_str(text.get(range.clone()).unwrap_or_default());
                }
                // Writing to a text does not fail.
                Step::Item(number) => drop(write!(path, "[{number}]")),
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::path_at;

    /// The path at the mark `^`, which is not part of the text.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let before = marked.split('^').next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        assert_eq!(path_at(&marked.replace('^', ""), line, column), expected);
    }

    #[test]
    fn finds_keys_items_and_what_was_just_closed() {
        check(r#"{ "a": 1^ }"#, "a");
        check(r#"{ "a": { "b": [10, {"c": true^}] } }"#, "a.b[1].c");
        check(r#"{ "a": { "b": [10, {"c": true}^] } }"#, "a.b[1]");
        check(r#"{ "a": { "b": 1 }^, "c": 2 }"#, "a");
        check(r#"{ "a": { "b": 1 }, "c"^: 2 }"#, "c");
        check(r#"{ "a": 1 }^"#, "");
        check("{\n  \"a\": {\n    \"b, \\\"c\": [1, 2^] } }", "a.b, \\\"c[1]");
    }
}
