//! How the page is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // A debug build of the page keeps more on the stack than the usual megabyte.
        println!("cargo:rustc-link-arg=-zstack-size=8388608");
    }
}
