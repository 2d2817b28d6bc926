//! The sheet that a picture lies on when it leaves the page: a heading above it, the keys to its looks below.

use core::fmt::Write as _;

/// A picture is drawn at least so wide, so that its heading and its keys find room beside each other.
const WIDE: f64 = 760.0;
const MARGIN: f64 = 14.0;
const HEAD: f64 = 50.0;
const FOOT: f64 = 30.0;

/// What a look in the picture means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The inside of its swatch.
    pub fill: String,
    /// The edge of it.
    pub edge: String,
    /// What its swatch is, where it is no square: an outline in a field of 16 units.
    pub shape: Option<String>,
    /// The meaning.
    pub word: String,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Whose picture it is: the scenario's name.
    pub title: String,
    /// What it shows, and of which moment.
    pub told: String,
    /// The picture's own size.
    pub size: (f64, f64),
    /// The keys.
    pub keys: Vec<Key>,
    /// The colours of the theme: of the paper, of what is written, and of what is written beside it.
    pub colours: [String; 3],
    /// The letters of the page.
    pub font: String,
}

impl Sheet {
    /// By how much the picture is enlarged.
    fn scale(&self) -> f64 {
        (WIDE / self.size.0.max(1.0)).max(1.0)
    }

    /// The size of the picture on the sheet.
    pub fn drawn(&self) -> (f64, f64) {
        (self.size.0 * self.scale(), self.size.1 * self.scale())
    }

    /// Where on the sheet the picture begins.
    pub const fn top() -> f64 {
        HEAD
    }

    /// The size of the sheet, in whole pixels.
    pub fn whole(&self) -> (f64, f64) {
        let (width, height) = self.drawn();
        let foot = if self.keys.is_empty() { MARGIN } else { FOOT };
        (width.ceil(), (HEAD + height + foot).ceil())
    }

    /// The sheet with what is drawn on it, as a document of its own.
    pub fn svg(&self, drawn: &str) -> String {
        let (width, height) = self.whole();
        let [paper, ink, soft] = &self.colours;
        let [title, told, font] = [&self.title, &self.told, &self.font].map(|text| escaped(text));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{font}\" role=\"img\">\
             <title>{title}: {told}</title><rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\
             <text x=\"{MARGIN}\" y=\"21\" font-size=\"14\" font-weight=\"600\" fill=\"{ink}\">{title}</text>\
             <text x=\"{MARGIN}\" y=\"39\" font-size=\"12\" fill=\"{soft}\">{told}</text>{drawn}{}</svg>\n",
            self.legend(height - 11.0, soft)
        )
    }

    /// The keys in a row, whose words stand on this line.
    fn legend(&self, line: f64, ink: &str) -> String {
        let (mut legend, mut x) = (String::new(), MARGIN);
        for key in &self.keys {
            let (word, fill, edge) = (escaped(&key.word), escaped(&key.fill), escaped(&key.edge));
            let swatch = match &key.shape {
                None => format!("<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" rx=\"2\"", line - 10.0),
                Some(shape) => {
                    let shape = escaped(shape);
                    format!(
                        "<path transform=\"translate({} {})\" d=\"{shape}\" stroke-width=\"2\"",
                        x - 2.0,
                        line - 12.0
                    )
                }
            };
            // Writing to a text does not fail.
            let _ = write!(
                legend,
                "{swatch} fill=\"{fill}\" stroke=\"{edge}\"/>\
                 <text x=\"{}\" y=\"{line}\" font-size=\"11.5\" fill=\"{ink}\">{word}</text>",
                x + 18.0
            );
            x += 18.0 + key.word.chars().map(width).sum::<f64>() + 16.0;
        }
        legend
    }
}

/// About the width of a letter of a key: what draws the sheet later may have other letters, but not much wider ones.
const fn width(letter: char) -> f64 {
    match letter {
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | ' ' => 4.6,
        'm' | 'w' => 11.0,
        _ => 7.2,
    }
}

/// A text as it may stand in a document, in attributes too.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Key, Sheet};

    fn sheet(size: (f64, f64), words: &[&str]) -> Sheet {
        let key = |word: &&str| Key {
            fill: "red".to_owned(),
            edge: "none".to_owned(),
            shape: word.ends_with("answer").then(|| "M4 4l8 8".to_owned()),
            word: (*word).to_owned(),
        };
        Sheet {
            title: "Loss & \"delay\"".to_owned(),
            told: "stage at 1.00 s".to_owned(),
            size,
            keys: words.iter().map(key).collect(),
            colours: ["white", "black", "grey"].map(str::to_owned),
            font: "Inter, sans-serif".to_owned(),
        }
    }

    #[test]
    fn a_small_picture_is_enlarged_and_a_large_one_is_left() {
        assert_eq!(sheet((380.0, 200.0), &["lost"]).drawn(), (760.0, 400.0));
        assert_eq!(sheet((1_000.0, 300.0), &["lost"]).whole(), (1_000.0, 380.0));
        assert_eq!(sheet((1_000.0, 300.0), &[]).whole(), (1_000.0, 364.0));
    }

    #[test]
    fn a_sheet_has_its_heading_its_picture_and_its_keys() {
        let svg = sheet((800.0, 300.0), &["a < b"]).svg("<svg/>");
        assert!(svg.contains("<title>Loss &amp; &quot;delay&quot;: stage at 1.00 s</title>"), "{svg}");
        assert!(svg.contains("a &lt; b</text></svg>") && svg.contains("<svg/><rect"), "{svg}");
        let svg = sheet((800.0, 300.0), &["lost", "wrong answer"]).svg("<svg/>");
        assert!(svg.contains("d=\"M4 4l8 8\"") && svg.contains("wrong answer</text></svg>"), "{svg}");
    }
}
