//! The insides of states and objects that the test library looks at.

use cranelua_engine::compiler::bytecode::view::{ProtoView, line_at};
use cranelua_engine::compiler::bytecode::{Instruction, OpMode};
use cranelua_engine::runtime::api::Lua;
use cranelua_engine::runtime::error::LResult;
use cranelua_engine::runtime::gc::alloc::{for_each_marked_object, is_marked};
use cranelua_engine::runtime::gc::check;
use cranelua_engine::runtime::load::HeapProto;
use cranelua_engine::runtime::object::table::Node;
use cranelua_engine::runtime::object::{NativeClosure, Table};
use cranelua_engine::runtime::state::{GlobalState, LuaState};
use cranelua_engine::runtime::value::{TValue, tag};

/// What all threads of the state share.
pub fn global(l: Lua) -> *mut GlobalState {
    // SAFETY: the state of a handle is open.
    unsafe { (*l.raw()).g }
}

/// The prototype of the Lua function that is argument `arg`.
pub fn proto(l: Lua, arg: i32) -> LResult<HeapProto> {
    let f = l.value(arg);
    l.arg_check(f.tag == tag::LUA_FUNCTION, arg, "Lua function expected")?;
    // SAFETY: the function is on the stack, and with it its prototype, while the view exists.
    Ok(unsafe { HeapProto::new((*f.as_lua_function()).proto) })
}

/// One instruction as the tests read it: line difference, line, index, name, operands.
pub fn instruction_text(p: &HeapProto, pc: usize) -> String {
    let i: Instruction = p.instruction(pc);
    let op = i.op();
    let operands = match op.mode() {
        OpMode::ABC => {
            format!("{:4} {:4} {:4}{}", i.a(), i.b(), i.c(), if i.k() { " (k)" } else { "" })
        }
        OpMode::ABx => format!("{:4} {:4}", i.a(), i.bx()),
        OpMode::AsBx => format!("{:4} {:4}", i.a(), i.sbx()),
        OpMode::Ax => format!("{:4}", i.get_ax()),
        OpMode::SJ => format!("{:4}", i.get_sj()),
    };
    let delta = if pc < p.line_info_len() { p.line_info(pc) } else { 0 };
    let delta = if delta == i8::MIN { "__".to_string() } else { format!("{delta:2}") };
    let line = line_at(p, pc).unwrap_or(-1);
    format!("({delta} - {line:4}) {pc:4} - {:<12}{operands}", op.name())
}

/// Constant `i` of a prototype.
pub fn constant(l: Lua, arg: i32, i: usize) -> TValue {
    // SAFETY: as for `proto`; the caller counts up to the number of constants.
    unsafe { TValue::get((*(*l.value(arg).as_lua_function()).proto).constants.add(i)) }
}

/// Slots in use, slots there are, nested native calls.
pub fn stack_level(l: Lua) -> [i64; 3] {
    // SAFETY: the thread is live.
    unsafe {
        let thread = l.raw();
        let used = (*thread).top.offset_from((*thread).stack) as i64;
        [used, LuaState::stack_size(thread) as i64, i64::from((*thread).n_ccalls)]
    }
}

/// Array places and hash nodes of the table that is argument `arg`.
pub fn table_sizes(l: Lua, arg: i32) -> [i64; 2] {
    let t = l.value(arg).as_table();
    // SAFETY: the caller has checked the type; the table is on the stack.
    unsafe { [i64::from((*t).asize), Table::node_count(t) as i64] }
}

/// Key and value in a place of a table's array or hash part; a dead key is the text "<undef>".
pub fn push_table_place(l: Lua, arg: i32, i: i64) -> LResult<()> {
    let t = l.value(arg).as_table();
    let [array, nodes] = table_sizes(l, arg);
    // SAFETY: the indices are within the parts of the table.
    unsafe {
        if i < array {
            l.push_integer(i);
            l.push_raw(Table::array_value(t, i as usize));
        } else if i - array < nodes {
            let node = (*t).node.add((i - array) as usize);
            let (key, value) = (Node::key(node), Node::value(node));
            if value.is_nil() && key.is_collectable() {
                l.push_bytes(b"<undef>")?;
            } else {
                l.push_raw(key);
            }
            l.push_raw(value);
        }
    }
    Ok(())
}

/// Places of the table of interned strings, and how many are taken.
pub fn string_places(l: Lua) -> [i64; 2] {
    // SAFETY: the state is open.
    let strings = unsafe { &(*global(l)).strings };
    [strings.places() as i64, strings.count() as i64]
}

/// Marked objects of a type, right after a full collection.
pub fn count_objects(l: Lua, kinds: &[u8]) -> i64 {
    let mut n = 0;
    // SAFETY: the state is open; nothing is allocated meanwhile.
    unsafe {
        for_each_marked_object(global(l), |o| n += i64::from(kinds.contains(&(*o).kind)));
    }
    n
}

/// Whether the collector keeps an object as an old one.
pub fn is_old(v: TValue) -> bool {
    // SAFETY: the caller's value is on the stack and collectable.
    unsafe { is_marked(v.as_object()) }
}

/// Checks the whole heap; the collection that this needs has just been made.
pub fn check_heap(l: Lua) {
    // SAFETY: as said.
    unsafe {
        check::heap(global(l));
    }
}

/// A native function without its upvalues; nil for anything else.
pub fn native_function(v: TValue) -> TValue {
    match v.tag {
        tag::NATIVE_FUNCTION => v,
        // SAFETY: the value is on the caller's stack.
        tag::NATIVE_CLOSURE => unsafe {
            TValue::native((*(v.as_native_closure() as *const NativeClosure)).func)
        },
        _ => TValue::NIL,
    }
}

/// The value of the error that a thread has raised.
pub fn error_value(l: Lua) -> TValue {
    // SAFETY: the thread is live.
    unsafe { (*l.raw()).error_value }
}

/// Closes the variables of the running function at or above stack index `from`.
pub fn close_from(l: Lua, from: i32) -> LResult<()> {
    loop {
        // SAFETY: the marked variable is a slot of this thread's stack.
        let newest = unsafe {
            let thread = l.raw();
            (*thread).tbclist.offset_from((*(*thread).ci).func) as i32
        };
        if newest < from.max(1) {
            return Ok(());
        }
        l.close_slot(newest)?;
    }
}
