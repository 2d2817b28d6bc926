//! A picture of the page as one that stands alone: with its looks, its heading and its keys inside.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, HtmlCanvasElement, XmlSerializer};

use super::sheet::{Key, Sheet};

/// What the style sheets say of an element and of everything in it, and has to be said in the picture.
const INHERITED: [&str; 15] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "font-family",
    "font-size",
    "font-weight",
    "font-variant-numeric",
    "letter-spacing",
    "text-anchor",
    "paint-order",
];
/// What they say of an element alone, and how that is where nothing is said.
const OWN: [(&str, &str); 2] = [("opacity", "1"), ("vector-effect", "none")];
/// What only the page needs.
const OF_THE_PAGE: [&str; 5] = ["class", "tabindex", "role", "aria-hidden", "aria-label"];

/// A picture that needs nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// It as SVG.
    pub text: String,
    /// Its size.
    pub size: (f64, f64),
}

/// The picture that a selector finds under its heading; nothing if it is not on the page.
pub fn standing_alone(selector: &str, title: String, told: String) -> Option<Picture> {
    let original = document().query_selector(selector).ok()??;
    let window = window_of(&original)?;
    let [_, _, width, height] = window;
    // What stands on a stage leaves room in its colour around titles.
    let paper = if original.closest(".stage").ok()?.is_some() { "--paper" } else { "--panel" };
    let [paper, ink, soft, font] = [paper, "--ink", "--mute", "--sans"].map(|name| themed(name).unwrap_or_default());
    let keys = keys_of(&original);
    let sheet = Sheet { title, told, size: (width, height), keys, colours: [paper, ink, soft], font };
    let copy = dressed(&original)?;
    if let Some(moving) = moving_over(&original).and_then(|moving| dressed(&moving)) {
        while let Some(child) = moving.first_element_child() {
            copy.append_child(&child).ok()?;
        }
    }
    let (drawn, top) = (sheet.drawn(), Sheet::top());
    for (name, value) in [("x", 0.0), ("y", top), ("width", drawn.0), ("height", drawn.1)] {
        copy.set_attribute(name, &value.to_string()).ok()?;
    }
    if let Some(swarm) = swarm_of(&original, window) {
        copy.append_child(&swarm).ok()?;
    }
    // The page's own marks between elements say nothing in a file.
    let drawn = XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?.replace("<!---->", "");
    Some(Picture { text: sheet.svg(&drawn), size: sheet.whole() })
}

/// The part of the drawing that is in sight: left, top, width and height.
fn window_of(drawing: &Element) -> Option<[f64; 4]> {
    let view = drawing.get_attribute("viewBox")?;
    let sizes: Vec<f64> = view.split(' ').filter_map(|part| part.parse().ok()).collect();
    sizes.try_into().ok()
}

/// A copy that looks like the original without any style sheet. What is not shown is not in it.
fn dressed(original: &Element) -> Option<Element> {
    let copy: Element = original.clone_node_with_deep(true).ok()?.unchecked_into();
    let (theirs, ours) = (original.query_selector_all("*").ok()?, copy.query_selector_all("*").ok()?);
    dress(original, &copy, None);
    for at in 0..theirs.length() {
        let element = |node: Option<web_sys::Node>| node.and_then(|node| node.dyn_into::<Element>().ok());
        if let (Some(from), Some(to)) = (element(theirs.item(at)), element(ours.item(at))) {
            dress(&from, &to, from.parent_element());
        }
    }
    Some(copy)
}

/// Gives an element the looks of another one, as far as they are not those of what it is in.
fn dress(from: &Element, to: &Element, within: Option<Element>) {
    let Some(look) = look_of(from) else { return };
    if value(&look, "display") == "none" {
        to.remove();
        return;
    }
    let around = within.and_then(|within| look_of(&within));
    let inherited = INHERITED.iter().filter_map(|name| {
        let said = value(&look, name);
        let is_new = around.as_ref().is_none_or(|around| value(around, name) != said) || from.has_attribute(name);
        is_new.then(|| format!("{name}:{said}"))
    });
    let own = OWN.iter().filter_map(|(name, usual)| {
        let said = value(&look, name);
        (said != *usual).then(|| format!("{name}:{said}"))
    });
    let style = inherited.chain(own).collect::<Vec<_>>().join(";");
    // An element that takes no attribute keeps its plain look.
    let _ = if style.is_empty() { to.remove_attribute("style") } else { to.set_attribute("style", &style) };
    for name in OF_THE_PAGE {
        let _ = to.remove_attribute(name);
    }
}

/// What moves over a drawing, in the same units, if anything does.
fn moving_over(drawing: &Element) -> Option<Element> {
    drawing.parent_element()?.query_selector(".moving > svg").ok()?
}

/// The dots that are drawn on a canvas over the drawing, if there is one, as an image in the drawing's own units.
fn swarm_of(drawing: &Element, [left, top, width, height]: [f64; 4]) -> Option<Element> {
    let canvas = drawing.parent_element()?.query_selector("canvas").ok()??.dyn_into::<HtmlCanvasElement>().ok()?;
    let (wide, high) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    // The drawing is as large as goes, in the middle of its room; the canvas has the whole room.
    let scale = (wide / width).min(high / height);
    if !scale.is_normal() || scale <= 0.0 {
        return None;
    }
    let (room_wide, room_high) = (wide / scale, high / scale);
    let image = document().create_element_ns(Some("http://www.w3.org/2000/svg"), "image").ok()?;
    let place = [
        ("x", left - (room_wide - width) / 2.0),
        ("y", top - (room_high - height) / 2.0),
        ("width", room_wide),
        ("height", room_high),
    ];
    for (name, value) in place {
        image.set_attribute(name, &value.to_string()).ok()?;
    }
    let dots = canvas.to_data_url().ok()?;
    image.set_attribute("href", &dots).ok()?;
    (dots != empty(&canvas)?).then_some(image)
}

/// What a canvas gives while nothing is drawn on it.
fn empty(canvas: &HtmlCanvasElement) -> Option<String> {
    let empty: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    empty.set_width(canvas.width());
    empty.set_height(canvas.height());
    empty.to_data_url().ok()
}

/// What the looks in a drawing mean: as the legend beside it on the page says.
fn keys_of(drawing: &Element) -> Vec<Key> {
    let Ok(Some(room)) = drawing.closest(".stage, .lag") else { return Vec::new() };
    let Ok(words) = room.query_selector_all(".legend .key, .lag-cause dt, .lag-answers") else { return Vec::new() };
    (0..words.length()).filter_map(|at| key_of(&words.item(at)?.dyn_into().ok()?)).collect()
}

fn key_of(word: &Element) -> Option<Key> {
    // What says how often a mark is there says in `data-key` what it means.
    let meaning = word.get_attribute("data-key").or_else(|| word.text_content())?;
    if let Some(mark) = word.query_selector(".lag-answer").ok()? {
        let edge = value(&look_of(&mark)?, "stroke");
        return Some(Key { fill: "none".to_owned(), edge, shape: mark.get_attribute("d"), word: meaning });
    }
    let swatch = word.query_selector("rect").ok()?;
    let (fill, edge) = match swatch {
        Some(swatch) => (swatch.get_attribute("fill")?, "none".to_owned()),
        None => {
            let look = window().get_computed_style_with_pseudo_elt(word, "::before").ok()??;
            // Hatching is drawn by the page in one way, and by the picture in another.
            let is_hatched = value(&look, "background-image") != "none";
            let fill = if is_hatched { "url(#hatch)".to_owned() } else { value(&look, "background-color") };
            (fill, value(&look, "border-top-color"))
        }
    };
    Some(Key { fill, edge, shape: None, word: meaning })
}

fn look_of(element: &Element) -> Option<CssStyleDeclaration> {
    window().get_computed_style(element).ok()?
}

fn value(look: &CssStyleDeclaration, name: &str) -> String {
    look.get_property_value(name).unwrap_or_default().trim().to_owned()
}

/// A colour of the theme that is on, or its letters.
fn themed(name: &str) -> Option<String> {
    look_of(&document().document_element()?).map(|look| value(&look, name))
}
