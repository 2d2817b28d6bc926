//! Damaged texts for the loaders: bytes changed at random, and the structure of a sound file changed at random.

use serde_json::{Map, Number, Value};

use super::chance::Chance;

/// Values that have broken readers before: the ends of ranges, wrong kinds, units, names and shapes.
const TEXTS: [&str; 18] = [
    "",
    "0s",
    "1h",
    "2h",
    "999999999y",
    "-1s",
    "1e9s",
    "O-1",
    "O-4294967296",
    "P-0",
    "C--1",
    "O-1/1",
    "O-1/99999999999",
    "constant",
    "exponential",
    "never",
    "\u{0}",
    "\u{1F600}",
];
const NUMBERS: [f64; 10] = [0.0, -1.0, 1.0, 0.5, 1.5, 255.0, 65_536.0, 4_294_967_296.0, 1e308, -1e308];
/// Pieces of JSON to be put anywhere.
const PIECES: [&str; 14] =
    ["{", "}", "[", "]", ",", ":", "\"", "null", "1e999", "-0", "\\u0000", "\\ud800", "\u{feff}", "[[[[[[[["];

/// A sound file, as text and as structure.
#[derive(Clone, Debug)]
pub struct Sound {
    text: String,
    value: Value,
}

impl Sound {
    /// The file with this text, if it is JSON.
    pub fn of(text: String) -> Option<Self> {
        let value = serde_json::from_str(&text).ok()?;
        Some(Self { text, value })
    }
}

/// Makes of a sound file and pieces of another a text that is damaged somehow, or by luck is not.
pub fn mutated(sound: &Sound, other: &Sound, chance: &mut Chance) -> String {
    if chance.once_in(3) {
        return bytes(&sound.text, &other.text, chance);
    }
    let mut value = sound.value.clone();
    for _ in 0..=chance.below(4) {
        structure(&mut value, &other.value, chance);
    }
    let text = value.to_string();
    if chance.once_in(8) { bytes(&text, &other.text, chance) } else { text }
}

/// Changes a few bytes. What is no text any more is made one again, with marks where it was not.
fn bytes(sound: &str, other: &str, chance: &mut Chance) -> String {
    let mut text = sound.as_bytes().to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(text.len() + 1);
        let end = (at + chance.below(40)).min(text.len());
        match chance.below(7) {
            0 => drop(text.drain(at..end)),
            1 => text.insert(at, chance.bits().to_le_bytes()[0]),
            2 => drop(text.splice(at..at, chance.one_of(&PIECES).bytes())),
            3 => {
                let copy = text[at..end].to_vec();
                drop(text.splice(at..at, copy));
            }
            4 => text.truncate(at),
            5 => {
                let from = chance.below(other.len() + 1);
                let upto = (from + chance.below(200)).min(other.len());
                drop(text.splice(at..end, other.as_bytes()[from..upto].iter().copied()));
            }
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Changes one place of the structure.
fn structure(value: &mut Value, other: &Value, chance: &mut Chance) {
    let place = somewhere(value, chance);
    match chance.below(6) {
        0 => *place = anything(chance),
        1 => *place = somewhere_in(other, chance).clone(),
        2 => forget(place, chance),
        3 => repeat(place, chance),
        4 => rename(place, chance),
        _ => nudge(place, chance),
    }
}

/// A place on the way down: deeper ones are as likely as shallow ones.
fn somewhere<'a>(value: &'a mut Value, chance: &mut Chance) -> &'a mut Value {
    let inside = match value {
        Value::Object(fields) => fields.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    if inside == 0 || chance.once_in(5) {
        return value;
    }
    let at = chance.below(inside);
    match value {
        Value::Object(fields) => match fields.iter_mut().nth(at) {
            Some((_, inner)) => somewhere(inner, chance),
            None => unreachable!("the place is one of the fields"),
        },
        Value::Array(items) => somewhere(&mut items[at], chance),
        leaf => leaf,
    }
}

fn somewhere_in<'a>(value: &'a Value, chance: &mut Chance) -> &'a Value {
    let mut place = value;
    while !chance.once_in(5) {
        let next = match place {
            Value::Object(fields) => fields.values().nth(chance.below(fields.len())),
            Value::Array(items) => items.get(chance.below(items.len())),
            _ => None,
        };
        match next {
            Some(inner) => place = inner,
            None => break,
        }
    }
    place
}

fn anything(chance: &mut Chance) -> Value {
    match chance.below(9) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Array(Vec::new()),
        3 => Value::Object(Map::new()),
        4 => Value::from(chance.bits()),
        5 | 6 => Number::from_f64(chance.one_of(&NUMBERS)).map_or(Value::Null, Value::Number),
        _ => Value::from(chance.one_of(&TEXTS)),
    }
}

fn forget(place: &mut Value, chance: &mut Chance) {
    match place {
        Value::Object(fields) => {
            if let Some(name) = fields.keys().nth(chance.below(fields.len())).cloned() {
                fields.remove(&name);
            }
        }
        Value::Array(items) if !items.is_empty() => drop(items.remove(chance.below(items.len()))),
        _ => *place = Value::Null,
    }
}

fn repeat(place: &mut Value, chance: &mut Chance) {
    match place {
        Value::Array(items) => {
            let copies: Vec<Value> = items.iter().cycle().take(items.len() * chance.below(4)).cloned().collect();
            items.extend(copies);
        }
        // Deeper than any scenario, to see that a reader does not fall over its own stack.
        _ => {
            for _ in 0..chance.one_of(&[1, 2, 100, 200]) {
                *place = Value::Array(vec![place.take()]);
            }
        }
    }
}

fn rename(place: &mut Value, chance: &mut Chance) {
    let Value::Object(fields) = place else { return };
    let Some(name) = fields.keys().nth(chance.below(fields.len())).cloned() else { return };
    if let Some(value) = fields.remove(&name) {
        let other = if chance.once_in(2) { format!("{name}s") } else { chance.one_of(&TEXTS).to_owned() };
        fields.insert(other, value);
    }
}

fn nudge(place: &mut Value, chance: &mut Chance) {
    *place = match &*place {
        Value::Number(number) => {
            let by = chance.one_of(&[-1.0, 1.0, 1_000.0, 1e6]);
            let moved = number.as_f64().unwrap_or(0.0) + by;
            // A whole number stays one, or every count would be refused for its kind alone.
            match number.as_i64() {
                Some(whole) => Value::from(whole.saturating_add(chance.one_of(&[-1, 1, 1_000, 1_000_000]))),
                None => Number::from_f64(moved).map_or(Value::Null, Value::Number),
            }
        }
        Value::String(text) => {
            let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            Value::from(format!("{}{text}", &digits[..digits.len().min(1)]))
        }
        Value::Bool(is) => Value::Bool(!is),
        _ => anything(chance),
    };
}
