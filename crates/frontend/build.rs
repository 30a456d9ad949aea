//! Has the linker keep what is needed to cut the module in two.

use std::env;

fn main() {
    let is_set = |variable| env::var_os(variable).is_some();
    let architecture = env::var("CARGO_CFG_TARGET_ARCH");
    if is_set("CARGO_FEATURE_SPLIT") && architecture.is_ok_and(|architecture| architecture == "wasm32") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
