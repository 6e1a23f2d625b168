//! Compiles PUC Lua 5.4.8 the way its own makefile does: `-O2`, `LUA_COMPAT_5_3` (which `lua-src` always
//! defines for 5.4) and no API checks, whatever the profile of this package says.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let artifacts = lua_src::Build::new().opt_level("2").debug(false).build(lua_src::Lua54);
    artifacts.print_cargo_metadata();
    println!("cargo:rustc-link-lib=dylib=m");
    println!("cargo:rustc-link-lib=dylib=dl");
}
