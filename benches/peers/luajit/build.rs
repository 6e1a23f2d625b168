//! Compiles LuaJIT with its own makefile and options (no 5.2 compatibility, no assertions).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let artifacts = luajit_src::Build::new().debug(false).build();
    artifacts.print_cargo_metadata();
    println!("cargo:rustc-link-lib=dylib=m");
    println!("cargo:rustc-link-lib=dylib=dl");
}
