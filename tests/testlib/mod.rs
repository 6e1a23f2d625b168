//! The internal library `T` of the official tests, over this engine: without it `api` and `code` assert nothing, and
//! the other files leave parts out. It exists in tests only: the test program serves as a Lua of its own ([`main`]).
//!
//! What the functions do is what the tests expect of PUC Lua's own; where they ask about the insides of PUC's
//! collector (ages, colours, states) or about the sizes of its tables there is no such thing here, and what cannot be
//! answered is left out: those parts of the files are cut, with reasons, in `official.rs`.

mod memory;
mod raw;
mod script;
mod states;
mod warnings;

use cranelua_engine::compiler::bytecode::ProtoView;
use cranelua_engine::compiler::bytecode::instruction::{MAX_AX, MAX_BX, OFFSET_SBX};
use cranelua_engine::compiler::bytecode::opcodes::NUM_OPCODES;
use cranelua_engine::runtime::api::{CollectorOption, Lua, REGISTRY_INDEX, aux::Library};
use cranelua_engine::runtime::error::LResult;
use cranelua_engine::runtime::object::LString;
use cranelua_engine::runtime::stdlib;
use cranelua_engine::runtime::value::{LuaType, tag};
use std::os::unix::ffi::OsStringExt;

/// The functions of `T`.
const FUNCTIONS: Library = &[
    ("alloccount", alloc_count),
    ("allocfailnext", alloc_fail_next),
    ("checkmemory", check_memory),
    ("closestate", states::close_state),
    ("d2s", d2s),
    ("doonnewstack", do_on_new_stack),
    ("doremote", states::do_remote),
    ("gccolor", gc_color),
    ("getref", get_ref),
    ("hash", hash),
    ("limits", limits),
    ("listabslineinfo", list_abs_line_info),
    ("listcode", list_code),
    ("listk", list_k),
    ("listlocals", list_locals),
    ("loadlib", states::load_libraries),
    ("log2", log2),
    ("makeCfunc", script::make_c_function),
    ("newstate", states::new_state),
    ("newuserdata", new_userdata),
    ("num2int", num2int),
    ("pushuserdata", push_userdata),
    ("querystr", query_strings),
    ("querytab", query_table),
    ("ref", make_ref),
    ("resume", script::resume),
    ("s2d", s2d),
    ("sethook", script::set_script_hook),
    ("stacklevel", stack_level),
    ("testC", script::test_c),
    ("totalmem", total_memory),
    ("udataval", userdata_value),
    ("unref", unref),
    ("upvalue", upvalue),
];

/// Runs the command line of this process as a Lua with the library; whether it ended well.
pub fn main() -> bool {
    let args: Vec<Vec<u8>> = std::env::args_os().map(OsStringExt::into_vec).collect();
    cranelua::cli::main_with(&args, open)
}

/// Opens all libraries and this one.
fn open(l: Lua) -> LResult<()> {
    stdlib::open_all(l)?;
    memory::control(l);
    warnings::control(l)?;
    l.require_with(b"T", open_module, true)?;
    l.pop(1);
    Ok(())
}

/// Pushes the library.
pub fn open_module(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 0)?;
    Ok(1)
}

// --- code -------------------------------------------------------------------

fn list_code(l: Lua) -> LResult<u32> {
    let p = raw::proto(l, 1)?;
    l.new_table()?;
    l.push_integer(i64::from(p.max_stack_size()));
    l.set_field(-2, b"maxstack")?;
    l.push_integer(i64::from(p.num_params()));
    l.set_field(-2, b"numparams")?;
    for pc in 0..p.code_len() {
        l.push_bytes(raw::instruction_text(&p, pc).as_bytes())?;
        l.raw_set_i(-2, pc as i64 + 1)?;
    }
    Ok(1)
}

fn list_k(l: Lua) -> LResult<u32> {
    let p = raw::proto(l, 1)?;
    l.create_table(p.constants_len(), 0)?;
    for i in 0..p.constants_len() {
        l.push_raw(raw::constant(l, 1, i));
        l.raw_set_i(-2, i as i64 + 1)?;
    }
    Ok(1)
}

fn list_abs_line_info(l: Lua) -> LResult<u32> {
    let p = raw::proto(l, 1)?;
    l.arg_check(p.abs_line_info_len() > 0, 1, "function has no debug info")?;
    l.new_table()?;
    for i in 0..p.abs_line_info_len() {
        let entry = p.abs_line_info(i);
        l.push_integer(i64::from(entry.pc));
        l.raw_set_i(-2, 2 * i as i64 + 1)?;
        l.push_integer(i64::from(entry.line));
        l.raw_set_i(-2, 2 * i as i64 + 2)?;
    }
    Ok(1)
}

fn list_locals(l: Lua) -> LResult<u32> {
    let p = raw::proto(l, 1)?;
    let pc = l.check_integer(2)? - 1;
    let mut n = 0;
    for i in 0..p.loc_vars_len() {
        let v = p.loc_var(i);
        if i64::from(v.start_pc) <= pc && pc < i64::from(v.end_pc) {
            l.push_bytes(v.name.unwrap_or_default())?;
            n += 1;
        }
    }
    Ok(n)
}

fn limits(l: Lua) -> LResult<u32> {
    l.new_table()?;
    let numbers = [
        ("IS32INT", 1),
        ("MAXARG_Ax", i64::from(MAX_AX)),
        ("MAXARG_Bx", i64::from(MAX_BX)),
        ("OFFSET_sBx", i64::from(OFFSET_SBX)),
        ("LFPF", 50),
        ("NUM_OPCODES", NUM_OPCODES as i64),
    ];
    for (name, n) in numbers {
        l.push_integer(n);
        l.set_field(-2, name.as_bytes())?;
    }
    Ok(1)
}

// --- memory -----------------------------------------------------------------

fn total_memory(l: Lua) -> LResult<u32> {
    if l.is_none(1) {
        l.push_integer(memory::in_use(l) as i64);
        return Ok(1);
    }
    if l.is_number(1) {
        memory::limit(l.check_integer(1)? as usize);
        return Ok(0);
    }
    let kinds: &[u8] = match l.check_bytes(1)? {
        b"string" => &[tag::SHORT_STRING as u8, tag::LONG_STRING as u8],
        b"table" => &[tag::TABLE as u8],
        b"function" => &[tag::LUA_FUNCTION as u8, tag::NATIVE_CLOSURE as u8],
        b"userdata" => &[tag::USERDATA as u8],
        b"thread" => &[tag::THREAD as u8],
        name => return Err(l.error(&[b"unknown type '", name, b"'"])),
    };
    // Which cells are objects is known after a collection only.
    l.gc(CollectorOption::Collect);
    l.push_integer(raw::count_objects(l, kinds));
    Ok(1)
}

fn alloc_count(l: Lua) -> LResult<u32> {
    let count = if l.is_none(1) { None } else { Some(l.check_integer(1)? as u64) };
    memory::limit_count(count);
    Ok(0)
}

fn alloc_fail_next(_: Lua) -> LResult<u32> {
    memory::fail_next();
    Ok(0)
}

fn check_memory(l: Lua) -> LResult<u32> {
    l.gc(CollectorOption::Collect);
    raw::check_heap(l);
    Ok(0)
}

/// "white" for what was not there at the last collection, "black" for the rest.
fn gc_color(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    let v = l.value(1);
    let text: &[u8] = match (v.is_collectable(), v.is_collectable() && raw::is_old(v)) {
        (false, _) => b"no collectable",
        (true, false) => b"white",
        (true, true) => b"black",
    };
    l.push_bytes(text)?;
    Ok(1)
}

fn stack_level(l: Lua) -> LResult<u32> {
    let numbers = raw::stack_level(l);
    for n in numbers {
        l.push_integer(n);
    }
    Ok(numbers.len() as u32)
}

fn query_table(l: Lua) -> LResult<u32> {
    l.check_type(1, LuaType::Table)?;
    let i = l.opt_integer(2, -1)?;
    if i == -1 {
        for n in raw::table_sizes(l, 1) {
            l.push_integer(n);
        }
        return Ok(2);
    }
    raw::push_table_place(l, 1, i)?;
    Ok(l.get_top() as u32 - 2)
}

fn query_strings(l: Lua) -> LResult<u32> {
    for n in raw::string_places(l) {
        l.push_integer(n);
    }
    Ok(2)
}

fn hash(l: Lua) -> LResult<u32> {
    l.arg_check(l.type_of(1) == LuaType::String, 1, "string expected")?;
    // SAFETY: the string is on the stack.
    let bytes = unsafe { LString::bytes(l.value(1).as_string()) };
    l.push_integer(bytes.iter().fold(0, |h: i64, &b| h.wrapping_mul(31).wrapping_add(i64::from(b))));
    Ok(1)
}

// --- values -----------------------------------------------------------------

fn new_userdata(l: Lua) -> LResult<u32> {
    let size = l.opt_integer(1, 0)?.max(0) as usize;
    let values = l.opt_integer(2, 0)? as u16;
    let p = l.new_userdata(size, values)?;
    // SAFETY: the payload has that size.
    unsafe { std::ptr::write_bytes(p, 0, size) };
    Ok(1)
}

fn push_userdata(l: Lua) -> LResult<u32> {
    let address = l.check_integer(1)?;
    l.push_light_userdata(address as usize as *mut _);
    Ok(1)
}

fn userdata_value(l: Lua) -> LResult<u32> {
    let p = l.to_userdata(1).map_or(0, |p| p as usize as i64);
    l.push_integer(p);
    Ok(1)
}

fn upvalue(l: Lua) -> LResult<u32> {
    let n = l.check_integer(2)? as i32;
    l.check_type(1, LuaType::Function)?;
    if l.is_none(3) {
        let Some(name) = l.get_upvalue(1, n) else { return Ok(0) };
        l.push_bytes(name)?;
        return Ok(2);
    }
    l.set_top(3);
    match l.set_upvalue(1, n) {
        Some(name) => l.push_bytes(name)?,
        None => l.push_nil(),
    }
    Ok(1)
}

fn d2s(l: Lua) -> LResult<u32> {
    let n = l.check_number(1)?;
    l.push_bytes(&n.to_ne_bytes())?;
    Ok(1)
}

fn s2d(l: Lua) -> LResult<u32> {
    let bytes = l.check_bytes(1)?;
    let Ok(bytes) = <[u8; 8]>::try_from(bytes) else { return Err(l.arg_error(1, b"eight bytes expected")) };
    l.push_number(f64::from_ne_bytes(bytes));
    Ok(1)
}

fn log2(l: Lua) -> LResult<u32> {
    let n = l.check_integer(1)?.max(1) as u64;
    l.push_integer(i64::from(n.next_power_of_two().trailing_zeros()));
    Ok(1)
}

fn num2int(l: Lua) -> LResult<u32> {
    let n = l.to_integer(1).unwrap_or(0);
    l.push_integer(n);
    Ok(1)
}

fn do_on_new_stack(l: Lua) -> LResult<u32> {
    let l1 = l.new_thread()?;
    let code = l.check_bytes(1)?;
    let mut status = l1.load(code, code, b"bt");
    if status == 0 {
        status = l1.pcall(0, 0, 0);
    }
    l.push_integer(i64::from(status));
    Ok(1)
}

// --- references -------------------------------------------------------------

/// Registry field with the table of references: values by number, and at 0 the list of free numbers.
const REFERENCES: &[u8] = b"T references";

fn make_ref(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    if l.is_nil(1) {
        l.push_integer(-1);
        return Ok(1);
    }
    l.get_subtable(REGISTRY_INDEX, REFERENCES)?;
    l.raw_get_i(-1, 0);
    let free = l.to_integer(-1).unwrap_or(0);
    l.pop(1);
    let n = if free == 0 {
        l.raw_len(-1) as i64 + 1
    } else {
        l.raw_get_i(-1, free);
        l.raw_set_i(-2, 0)?;
        free
    };
    l.push_value(1);
    l.raw_set_i(-2, n)?;
    l.push_integer(n);
    Ok(1)
}

fn get_ref(l: Lua) -> LResult<u32> {
    l.get_subtable(REGISTRY_INDEX, REFERENCES)?;
    let n = l.check_integer(1)?;
    l.raw_get_i(-1, n);
    Ok(1)
}

fn unref(l: Lua) -> LResult<u32> {
    let n = l.check_integer(1)?;
    if n > 0 {
        l.get_subtable(REGISTRY_INDEX, REFERENCES)?;
        if l.raw_get_i(-1, 0) == LuaType::Nil {
            l.pop(1);
            l.push_integer(0);
        }
        l.raw_set_i(-2, n)?;
        l.push_integer(n);
        l.raw_set_i(-2, 0)?;
    }
    Ok(0)
}
