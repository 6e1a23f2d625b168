//! Compiles PUC Lua 5.4.8, with which the target `sources` compares.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let artifacts = lua_src::Build::new().opt_level("1").debug(false).build(lua_src::Lua54);
    artifacts.print_cargo_metadata();
    println!("cargo:rustc-link-lib=dylib=m");
    println!("cargo:rustc-link-lib=dylib=dl");
}
