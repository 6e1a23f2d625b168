//! How the program is linked: so that it starts quickly. Tests and libraries are linked as ever.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let is_static = variable("CARGO_CFG_TARGET_FEATURE").split(',').any(|f| f == "crt-static");
    if variable("CARGO_CFG_TARGET_OS") != "linux" || variable("CARGO_CFG_TARGET_ENV") != "gnu" || is_static {
        return;
    }
    // At a fixed address the thousands of pointers in constant tables need not
    // be relocated, and their pages not be copied, at every start.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    if variable("HOST") == variable("TARGET") {
        link_unwinder(&variable("RUSTC_LINKER"), Path::new(&variable("OUT_DIR")));
    }
}

/// Lets the program contain the unwinder instead of loading `libgcc_s` at every
/// start, where the C compiler has it as an archive. Rust's library asks for
/// `libgcc_s` by name, so a linker script of that name stands in for it.
fn link_unwinder(linker: &str, out: &Path) {
    let linker = if linker.is_empty() { "cc" } else { linker };
    let Ok(found) = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output() else { return };
    let archive = String::from_utf8_lossy(&found.stdout);
    // What a compiler does not have it names without a folder.
    let exists = Path::new(archive.trim()).is_absolute() && Path::new(archive.trim()).exists();
    if exists && std::fs::write(out.join("libgcc_s.so"), "INPUT(-lgcc_eh)\n").is_ok() {
        println!("cargo:rustc-link-arg-bins=-L{}", out.display());
    }
}
