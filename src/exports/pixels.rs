//! A picture as pixels.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::picture::Picture;
use crate::files::save_blob;

/// Pixels of a PNG for each of the page's, so that it is sharp on paper and on fine screens.
const SHARPNESS: f64 = 2.0;

/// Saves a picture as a PNG. Whatever a browser refuses here, it can still be saved as SVG.
pub fn save_png(name: String, picture: &Picture) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let (size, source) = (picture.size, image.clone());
    let drawn = Closure::once_into_js(move || drop(draw(&source, size, name)));
    image.set_onload(Some(drawn.unchecked_ref()));
    let text = String::from(js_sys::encode_uri_component(&picture.text));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
}

fn draw(image: &HtmlImageElement, (width, height): (f64, f64), name: String) -> Result<(), JsValue> {
    let (width, height) = (width * SHARPNESS, height * SHARPNESS);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    // A picture of the page is a few thousand pixels wide.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
    }
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)?;
    let save = Closure::once_into_js(move |blob: Option<Blob>| {
        // A picture without pixels is not saved.
        let _ = blob.map(|blob| save_blob(&name, &blob));
    });
    canvas.to_blob(save.unchecked_ref())
}
