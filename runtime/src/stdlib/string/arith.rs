//! Arithmetic on strings: the metamethods that read strings as numbers.

use crate::api::Lua;
use crate::api::aux::Library;
use crate::error::LResult;
use crate::value::LuaType;
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::number::{Number, parse_number};

/// The arithmetic fields of the metatable of strings.
pub const METAMETHODS: Library = &[
    ("__add", |l| arith(l, ArithOp::Add)),
    ("__sub", |l| arith(l, ArithOp::Sub)),
    ("__mul", |l| arith(l, ArithOp::Mul)),
    ("__mod", |l| arith(l, ArithOp::Mod)),
    ("__pow", |l| arith(l, ArithOp::Pow)),
    ("__div", |l| arith(l, ArithOp::Div)),
    ("__idiv", |l| arith(l, ArithOp::IDiv)),
    ("__unm", |l| arith(l, ArithOp::Unm)),
];

/// Pushes an argument as a number; false when it neither is nor spells one.
fn push_operand(l: Lua, arg: i32) -> bool {
    if l.type_of(arg) == LuaType::Number {
        l.push_value(arg);
        return true;
    }
    match l.string_bytes(arg).and_then(parse_number) {
        Some(Number::Int(i)) => l.push_integer(i),
        Some(Number::Float(f)) => l.push_number(f),
        None => return false,
    }
    true
}

fn arith(l: Lua, op: ArithOp) -> LResult<u32> {
    if push_operand(l, 1) && push_operand(l, 2) {
        l.arith(op)?;
    } else {
        other_metamethod(l, op)?;
    }
    Ok(1)
}

/// Gives the operation to the metamethod of the second operand, because the
/// first one is a string (or has no metamethod of its own).
fn other_metamethod(l: Lua, op: ArithOp) -> LResult<()> {
    l.set_top(2);
    let name = op.event_name();
    if l.type_of(2) == LuaType::String || l.get_metafield(2, name.as_bytes())? == LuaType::Nil {
        let (left, right) = (l.type_of(-2).name(), l.type_of(-1).name());
        let operation = name.trim_start_matches('_').as_bytes();
        return Err(l.error(&[
            b"attempt to ",
            operation,
            b" a '",
            left.as_bytes(),
            b"' with a '",
            right.as_bytes(),
            b"'",
        ]));
    }
    l.insert(-3);
    l.call(2, 1)
}
