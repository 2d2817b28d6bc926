//! In the browser: the machine does to the bit what it does natively.
#![cfg(target_family = "wasm")]

mod common;

use common::{LONG_FAULTY_HASH, LONG_FAULTY_RUN, PRESET_HASHES, outcome, preset, scenario};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_long_faulty_run_has_the_native_hash() {
    assert_eq!(outcome(&scenario(LONG_FAULTY_RUN)).trace_hash, LONG_FAULTY_HASH);
}

#[wasm_bindgen_test]
fn the_presets_have_the_hashes_that_the_command_line_prints() {
    for (slug, hash) in PRESET_HASHES {
        assert_eq!(outcome(&preset(slug)).trace_hash, hash, "{slug}");
    }
}
