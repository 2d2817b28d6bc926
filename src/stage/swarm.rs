//! Many messages at once: dots on one canvas, because a browser moves a thousand shapes faster than a thousand elements.

use leptos::html::Canvas;
use leptos::prelude::*;
use sim::oracle::judgement::Freshness;
use sim::view::stage::FlightKind;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::camera::Fitting;
use super::geometry::{Point, Rect};
use super::messages::Trip;
use crate::desk::Desk;

/// The canvas over the picture, as large as `size` says; `trips` is empty while there are few enough messages to be drawn one
/// by one.
pub fn view(desk: Desk, trips: Memo<Vec<Trip>>, window: Memo<Rect>, size: RwSignal<(f64, f64)>) -> AnyView {
    let node: NodeRef<Canvas> = NodeRef::new();
    let was_drawn = StoredValue::new(false);
    let colours = StoredValue::new(Colours::default());
    Effect::new(move |_| {
        let is_empty = trips.with(Vec::is_empty);
        if is_empty && !was_drawn.get_value() {
            return;
        }
        was_drawn.set_value(!is_empty);
        if let Some(canvas) = node.get() {
            colours.update_value(|colours| colours.follow_theme(&canvas));
            let sheet = Sheet { window: window.get(), size: size.get() };
            // A browser without a canvas context shows the rest of the page all the same.
            let _ = colours.with_value(|colours| draw(desk, &canvas, &trips, &sheet, colours));
        }
    });
    view! { <canvas class="swarm" node_ref=node aria-hidden="true"></canvas> }.into_any()
}

/// What part of the picture is seen, and how large it is on the page, in pixels.
struct Sheet {
    window: Rect,
    size: (f64, f64),
}

/// The colours of the dots. A canvas knows no custom properties, and looking them up takes longer than drawing.
#[derive(Debug, Default)]
struct Colours {
    /// The theme that they are of.
    theme: Option<String>,
    kinds: Vec<String>,
    wrong: String,
    ink: String,
}

impl Colours {
    /// Reads them anew where another theme is on.
    fn follow_theme(&mut self, canvas: &HtmlCanvasElement) {
        let theme = document().document_element().and_then(|root| root.get_attribute("data-theme"));
        if theme == self.theme && !self.kinds.is_empty() {
            return;
        }
        let style = leptos::prelude::window().get_computed_style(canvas).ok().flatten();
        let colour = |name| style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
        let kinds = LOOKS.iter().map(|(_, property)| colour(property)).collect();
        *self = Self { theme, kinds, wrong: colour("--wrong"), ink: colour("--ink") };
    }
}

/// The kinds of dots, and the custom property that holds the colour of each.
const LOOKS: [(FlightKind, &str); 7] = [
    (FlightKind::Command, "--command"),
    (FlightKind::Answer, "--control"),
    (FlightKind::Event, "--event"),
    (FlightKind::Acknowledgement, "--event-deep"),
    (FlightKind::Query, "--read"),
    (FlightKind::Reply, "--control"),
    (FlightKind::Copy, "--control"),
];

fn draw(
    desk: Desk,
    canvas: &HtmlCanvasElement,
    trips: &Memo<Vec<Trip>>,
    sheet: &Sheet,
    colours: &Colours,
) -> Option<()> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let scale = fit(canvas, &context, sheet)?;
    let (clock, selection) = (desk.clock.get(), desk.selection.get());
    let lit = |trip: &Trip| selection.is_some_and(|one| one.covers(Some(trip.flight.of), trip.flight.event));
    trips.with(|trips| {
        let seen = || trips.iter().filter(|trip| !trip.is_gone(clock));
        for ((kind, _), colour) in LOOKS.iter().zip(&colours.kinds) {
            context.begin_path();
            for trip in seen().filter(|trip| trip.flight.kind == *kind) {
                let at = trip.at(clock);
                if matches!(kind, FlightKind::Query | FlightKind::Reply) {
                    dot(&context, at, 4.5);
                } else {
                    context.rect(at.x - 5.0, at.y - 3.5, 10.0, 7.0);
                }
            }
            context.set_fill_style_str(colour);
            context.fill();
        }
        // An answer that is wrong is red, and larger.
        context.begin_path();
        for trip in seen().filter(|trip| trip.flight.freshness == Freshness::Wrong) {
            dot(&context, trip.at(clock), 6.5);
        }
        context.set_fill_style_str(&colours.wrong);
        context.fill();
        // A second copy has an outline, and so has what is selected.
        context.begin_path();
        for trip in seen().filter(|trip| trip.flight.copy || lit(trip)) {
            let at = trip.at(clock);
            context.rect(at.x - 6.5, at.y - 5.0, 13.0, 10.0);
        }
        context.set_line_width(1.4 / scale.max(0.5));
        context.set_stroke_style_str(&colours.ink);
        context.stroke();
    });
    Some(())
}

/// A round dot: what asks and what answers a query.
fn dot(context: &CanvasRenderingContext2d, at: Point, radius: f64) {
    context.move_to(at.x + radius, at.y);
    // A radius is never below nothing, so that this is never refused.
    let _ = context.arc(at.x, at.y, radius, 0.0, core::f64::consts::TAU);
}

/// Makes the canvas as fine as the screen, wipes it and sets its units to those of the picture. Gives the scale.
fn fit(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d, sheet: &Sheet) -> Option<f64> {
    let fine = leptos::prelude::window().device_pixel_ratio();
    let (wide, high) = sheet.size;
    // A canvas is never so wide that its pixels do not fit into 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixels = |length: f64| (length * fine) as u32;
    if canvas.width() != pixels(wide) || canvas.height() != pixels(high) {
        canvas.set_width(pixels(wide));
        canvas.set_height(pixels(high));
    }
    context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, wide * fine, high * fine);
    // The same rule by which the picture is fitted into its room.
    let Fitting { scale, origin } = Fitting::of(&sheet.window, wide, high);
    context.set_transform(scale * fine, 0.0, 0.0, scale * fine, origin.x * fine, origin.y * fine).ok()?;
    Some(scale)
}
