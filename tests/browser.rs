//! The page in a browser, from the outside: it starts by itself, plays, and shows what its session says.
#![cfg(target_family = "wasm")]

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

fn find(selector: &str) -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a browser has a document");
    document.query_selector(selector).expect("the selector is right").unwrap_or_else(|| panic!("{selector} is there"))
}

fn text(selector: &str) -> String {
    find(selector).text_content().unwrap_or_default()
}

fn press(selector: &str) {
    wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(find(selector)).click();
}

#[wasm_bindgen_test]
async fn the_page_starts_plays_and_halts() {
    cqrs_lab::start();
    let started = text(".now");
    TimeoutFuture::new(600).await;
    let later = text(".now");
    assert_ne!(started, later, "virtual time runs by itself");
    assert!(text(".story").contains("Deliver twice"));
    assert!(!text(".log").is_empty());

    press(".play");
    TimeoutFuture::new(50).await;
    let halted = text(".now");
    TimeoutFuture::new(200).await;
    assert_eq!(text(".now"), halted, "halted time stands still");

    press("[aria-label='To the beginning']");
    TimeoutFuture::new(50).await;
    assert_eq!(text(".now"), "0.00 s");
}
