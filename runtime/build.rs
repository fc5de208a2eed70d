//! Nothing to build: Cargo wants a build script beside `links`, see `Cargo.toml`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
}
