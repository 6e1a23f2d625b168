//! Warnings as the tests with `T` want them: `@store` puts the next one into the global `_WARN`, `@allow` prints it,
//! and in the normal mode one that does not begin with `#` ends the process.

use cranelua_engine::runtime::api::Lua;
use cranelua_engine::runtime::error::LResult;
use cranelua_engine::runtime::state::{LuaState, WarnState};
use std::cell::{Cell, RefCell};

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Normal,
    Allow,
    Store,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Normal) };
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The main thread of the state whose global is set.
    static MAIN: Cell<*mut LuaState> = const { Cell::new(std::ptr::null_mut()) };
}

/// Takes over the warnings of a state.
pub fn control(l: Lua) -> LResult<()> {
    MAIN.set(l.main_thread().raw());
    l.set_warn(Some(warn));
    l.push_boolean(false);
    l.set_global(b"_WARN")
}

fn bad(what: &str, text: &[u8]) -> ! {
    eprintln!("{what}: {}", String::from_utf8_lossy(text));
    std::process::exit(1)
}

fn warn(state: &mut WarnState, message: &[u8], to_continue: bool) {
    if !state.continuing && !to_continue && message.starts_with(b"@") {
        match message {
            b"@on" => state.on = true,
            b"@off" => state.on = false,
            b"@normal" => MODE.set(Mode::Normal),
            b"@allow" => MODE.set(Mode::Allow),
            b"@store" => MODE.set(Mode::Store),
            _ => bad("invalid control warning", message),
        }
        return;
    }
    state.continuing = to_continue;
    TEXT.with_borrow_mut(|text| text.extend_from_slice(message));
    if to_continue {
        return;
    }
    let text = TEXT.take();
    // SAFETY: the state lives while it warns.
    let l = unsafe { Lua::from_raw(MAIN.get()) };
    l.check_stack(2);
    if l.get_global(b"_WARN").is_ok() {
        if l.to_boolean(-1) {
            bad("unhandled warning", &text);
        }
        l.pop(1);
    }
    if MODE.get() == Mode::Store {
        let stored = l.push_bytes(&text).and_then(|()| l.set_global(b"_WARN"));
        if stored.is_err() {
            bad("no memory for a warning", &text);
        }
        return;
    }
    if MODE.get() == Mode::Normal && state.on && !text.starts_with(b"#") {
        bad("unexpected warning", &text);
    }
    if state.on {
        eprintln!("Lua warning: {}", String::from_utf8_lossy(&text));
    }
}
