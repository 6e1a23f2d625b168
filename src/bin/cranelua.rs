//! The program `cranelua`; see [`cranelua::cli`].

fn main() -> std::process::ExitCode {
    cranelua::cli::main()
}
