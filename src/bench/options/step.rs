//! Numbers and spans as one writes them, and one step up or down from them.

use serde_json::{Value, json};
use sim::kernel::time::Micros;

use super::describe::Number;

/// Parts in a whole, for percentages: a probability is kept in parts per million.
const PPM: f64 = 1e6;

/// A number as it stands in the form. What is no number stands there as it is, to be corrected.
pub fn number_text(value: &Value, percent: bool) -> String {
    match value.as_f64() {
        Some(part) if percent => format!("{}", (part * PPM).round() / (PPM / 100.0)),
        _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

/// The value of what a person wrote. What is no number is kept as a text, which the machine refuses with the reason.
pub fn number_value(text: &str, whole: bool, percent: bool) -> Value {
    let tidy = text.trim().trim_end_matches('%').trim_end().replace(['_', ','], "");
    let read: Option<Value> = match (whole, percent) {
        (_, true) => tidy.parse::<f64>().ok().map(|hundredths| json!((hundredths * PPM / 100.0).round() / PPM)),
        (true, _) => tidy.parse::<i64>().ok().map(Value::from),
        (false, _) => tidy.parse::<f64>().ok().map(Value::from),
    };
    read.unwrap_or_else(|| json!(text))
}

/// A span of time as it stands in the form: each number a space apart from its unit. What is no span stands there as it is.
pub fn span_text(value: &Value) -> String {
    let Some(text) = value.as_str() else { return value.to_string() };
    let mut spaced = String::with_capacity(text.len() + 2);
    for letter in text.chars() {
        if letter.is_alphabetic() && spaced.ends_with(|before: char| before.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    if text.starts_with(|first: char| first.is_ascii_digit()) { spaced } else { text.to_owned() }
}

/// One step from a number, within its range: ones, and larger steps for larger numbers.
pub fn stepped(number: &Number, value: &Value, up: bool) -> Value {
    let scale = if number.percent { 100.0 } else { 1.0 };
    let now = value.as_f64().unwrap_or_default() * scale;
    let size = now.abs() - if up { 0.0 } else { 0.5 };
    let step = match size {
        size if number.percent || size < 20.0 => 1.0,
        size if size < 200.0 => 10.0,
        size => 10_f64.powf((size / 2.0).log10().floor()),
    };
    let next = if up { ((now / step).floor() + 1.0) * step } else { ((now / step).ceil() - 1.0) * step };
    let next =
        next.clamp(number.min.map_or(f64::MIN, |min| min * scale), number.max.map_or(f64::MAX, |max| max * scale));
    // The ranges of options are far from what a whole number can hold.
    #[expect(clippy::cast_possible_truncation)]
    if number.whole { json!(next.round() as i64) } else { json!((next / scale * PPM).round() / PPM) }
}

/// One step from a span of time: 1, 2, 5, 10 and so on, and no time at all below a millisecond.
pub fn stepped_span(value: &Value, up: bool) -> Value {
    let now = serde_json::from_value::<Micros>(value.clone()).unwrap_or_default().0;
    let steps = (3..11).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let next = if up {
        steps.into_iter().find(|step| *step > now)
    } else {
        Some(steps.into_iter().take_while(|step| *step < now).last().unwrap_or(0))
    };
    json!(Micros(next.unwrap_or(now)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Number, number_text, number_value, span_text, stepped, stepped_span};

    #[test]
    fn spans_have_their_unit_apart_and_are_read_so() {
        let shown = ["0s", "1m 30s", "120ms", "soon", "2 s"].map(|text| span_text(&json!(text)));
        assert_eq!(shown, ["0 s", "1 m 30 s", "120 ms", "soon", "2 s"]);
        let read = |text: &str| serde_json::from_value::<sim::kernel::time::Micros>(json!(text)).ok();
        assert!(shown.iter().filter(|text| *text != "soon").all(|text| read(text).is_some()));
    }

    const fn number(max: f64, whole: bool, percent: bool) -> Number {
        Number { min: Some(0.0), max: Some(max), whole, percent, unit: String::new() }
    }

    #[test]
    fn a_probability_is_written_in_percent() {
        assert_eq!(number_text(&json!(0.07), true), "7");
        assert_eq!(number_text(&json!(0.0125), true), "1.25");
        assert_eq!(number_value("12.5 %", false, true), json!(0.125));
        assert_eq!(number_value("1,000", true, false), json!(1_000));
        assert_eq!(number_value("many", true, false), json!("many"));
        assert_eq!(number_text(&json!("many"), false), "many");
    }

    #[test]
    fn steps_stay_in_the_range() {
        let few = number(8.0, true, false);
        assert_eq!([stepped(&few, &json!(7), true), stepped(&few, &json!(8), true)], [json!(8), json!(8)]);
        assert_eq!(stepped(&few, &json!(0), false), json!(0));
        let share = number(1.0, false, true);
        assert_eq!(
            [stepped(&share, &json!(0.0), true), stepped(&share, &json!(0.995), true)],
            [json!(0.01), json!(1.0)]
        );
        assert_eq!(stepped(&share, &json!(0.005), false), json!(0.0));
        let many = number(10_000.0, true, false);
        assert_eq!([stepped(&many, &json!(500), true), stepped(&many, &json!(500), false)], [json!(600), json!(400)]);
        assert_eq!([stepped(&many, &json!(60), true), stepped(&many, &json!(20), false)], [json!(70), json!(19)]);
    }

    #[test]
    fn spans_go_through_round_numbers() {
        assert_eq!(stepped_span(&json!("0s"), true), json!("1ms"));
        assert_eq!(stepped_span(&json!("120ms"), true), json!("200ms"));
        assert_eq!(stepped_span(&json!("1s 500ms"), false), json!("1s"));
        assert_eq!(stepped_span(&json!("1ms"), false), json!("0s"));
        assert_eq!(stepped_span(&json!("soon"), true), json!("1ms"));
    }
}
