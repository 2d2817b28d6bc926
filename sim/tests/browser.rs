//! What must hold in a browser, run there by `cargo xtask test`.
#![cfg(target_family = "wasm")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_harness_runs_tests_in_a_browser() {
    assert_eq!(size_of::<usize>(), 4);
}
