//! The part of the base library that loads chunks: `load`, `loadfile`, `dofile`.

use crate::api::{Buffer, Lua, aux::Library, until_nul};
use crate::call::MULTRET;
use crate::error::LResult;
use crate::state::status;
use crate::value::LuaType;

/// The functions of this part.
pub(crate) const FUNCTIONS: Library = &[("dofile", dofile), ("load", load), ("loadfile", loadfile)];

/// Finishes a load: function with environment, or nil and message.
fn finish(l: Lua, s: u8, env: i32) -> LResult<u32> {
    if s != status::OK {
        l.push_nil();
        l.insert(-2);
        return Ok(2);
    }
    if env != 0 {
        l.set_environment(l.value(env));
    }
    Ok(1)
}

fn optional_name<'a>(l: Lua, arg: i32) -> LResult<Option<&'a [u8]>> {
    if l.is_none_or_nil(arg) { Ok(None) } else { l.check_bytes(arg).map(Some) }
}

fn loadfile(l: Lua) -> LResult<u32> {
    let name = optional_name(l, 1)?;
    let mode = until_nul(l.opt_bytes(2, b"bt")?);
    let env = if l.is_none(3) { 0 } else { 3 };
    let s = l.load_file(name, mode)?;
    finish(l, s, env)
}

fn load(l: Lua) -> LResult<u32> {
    let source = l.to_bytes(1)?;
    let mode = until_nul(l.opt_bytes(3, b"bt")?);
    let env = if l.is_none(4) { 0 } else { 4 };
    let s = match source {
        Some(source) => {
            let name = until_nul(l.opt_bytes(2, source)?);
            l.load(source, name, mode)
        }
        None => {
            let name = until_nul(l.opt_bytes(2, b"=(load)")?);
            l.check_type(1, LuaType::Function)?;
            l.set_top(4);
            // The pieces are gathered first; an error of the reader is an error of the chunk.
            let mut text = Buffer::new(l);
            match l.protected(|l| gather(l, &mut text)) {
                status::OK => l.load(text.bytes(), name, mode),
                s => s,
            }
        }
    };
    finish(l, s, env)
}

/// Collects the pieces that the reader function at index 1 returns.
fn gather(l: Lua, text: &mut Buffer) -> LResult<()> {
    loop {
        l.check_stack_for(2, "too many nested functions")?;
        l.push_value(1);
        l.call(0, 1)?;
        if l.is_nil(-1) {
            l.pop(1);
            return Ok(());
        }
        let Some(piece) = l.to_bytes(-1)? else {
            return Err(l.error(&[b"reader function must return a string"]));
        };
        if piece.is_empty() {
            l.pop(1);
            return Ok(());
        }
        text.add(piece)?;
        l.pop(1);
    }
}

fn dofile(l: Lua) -> LResult<u32> {
    let name = optional_name(l, 1)?;
    l.set_top(1);
    if l.load_file(name, b"bt")? != status::OK {
        return Err(l.throw());
    }
    l.call_k(0, MULTRET, 0, |l, _, _| Ok(l.get_top() as u32 - 1))?;
    Ok(l.get_top() as u32 - 1)
}
