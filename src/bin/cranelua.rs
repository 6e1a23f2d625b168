//! The command line.
use cranelua_engine::{Options, State};

fn main() {
    let mut options = Options::from_environment().unwrap_or_default();
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    while args.first().is_some_and(|a| a.starts_with("-j") || a.starts_with("-O")) {
        let word = args.remove(0);
        if let Err(e) = options.apply(&word) {
            eprintln!("cranelua: {e}");
            std::process::exit(1);
        }
    }
    let Some(state) = State::new(&options) else {
        eprintln!("cranelua: not enough memory");
        std::process::exit(1);
    };
    let l = state.lua();
    if state.open_libraries() != State::OK {
        eprintln!("cranelua: {}", String::from_utf8_lossy(l.string_bytes(-1).unwrap_or(b"?")));
        std::process::exit(1);
    }
    if let Some(script) = args.first() {
        let source = std::fs::read(script).unwrap_or_default();
        let mut s = l.load(&source, format!("@{script}").as_bytes(), b"bt");
        if s == State::OK {
            s = l.pcall(0, 0, 0);
        }
        if s != State::OK {
            eprintln!("cranelua: {}", String::from_utf8_lossy(l.string_bytes(-1).unwrap_or(b"?")));
            drop(state);
            std::process::exit(1);
        }
    }
}
