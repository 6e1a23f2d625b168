//! HIR as text, with stable names: two runs print the same.

use super::{Edge, Op, Terminator, Unit, ValueId};
use std::fmt::{self, Write};

/// Writes the unit.
pub fn print(unit: &Unit, out: &mut dyn Write) -> fmt::Result {
    for (i, block) in unit.blocks.iter().enumerate() {
        write!(out, "block{i}(")?;
        for (n, &p) in block.params.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            write!(out, "{comma}v{}: {:?}", p.0, unit.ty(p))?;
        }
        writeln!(out, "):    ; pc {}{}", block.pc, if block.loop_head { ", loop" } else { "" })?;
        for &v in &block.insts {
            let inst = unit.inst(v);
            write!(out, "    v{}: {:?} = {}", v.0, inst.ty, text(&inst.op))?;
            if let Some((reason, s)) = inst.op.exit() {
                let state = &unit.states[s.0 as usize];
                write!(out, "    -> {} pc {} [", reason.name(), state.pc)?;
                for (n, (r, v)) in state.dirty.iter().enumerate() {
                    write!(out, "{}r{r}=v{}", if n > 0 { " " } else { "" }, v.0)?;
                }
                out.write_char(']')?;
                if let Some(top) = state.top {
                    write!(out, " top {top}")?;
                }
            }
            if let Some(reason) = unit.blame.get(&v) {
                write!(out, " as {}", reason.name())?;
            }
            if unit.recoveries.contains_key(&v) {
                out.write_str(" or step")?;
            }
            writeln!(out)?;
        }
        match &block.end {
            Terminator::Jump(e) => writeln!(out, "    jump {}", edge(e))?,
            Terminator::Branch { cond, then, other } => {
                writeln!(out, "    branch v{} {} {}", cond.0, edge(then), edge(other))?;
            }
            Terminator::Leave => writeln!(out, "    leave")?,
            Terminator::Return(values) => {
                out.write_str("    return")?;
                for v in values {
                    write!(out, " v{}", v.0)?;
                }
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

fn edge(e: &Edge) -> String {
    let args: Vec<String> = e.args.iter().map(|v| format!("v{}", v.0)).collect();
    let to = e.to.map_or_else(|| "?".to_string(), |b| format!("block{}", b.0));
    format!("{to}({})", args.join(", "))
}

fn text(op: &Op) -> String {
    let v = |v: ValueId| format!("v{}", v.0);
    match op {
        Op::Param(b, i) => format!("param {} {i}", b.0),
        Op::Arg(n) => format!("arg {n}"),
        Op::ConstInt(i) => format!("int {i}"),
        Op::ConstFloat(bits) => format!("float {:?}", f64::from_bits(*bits)),
        Op::ConstBool(b) => format!("bool {b}"),
        Op::ConstNil => "nil".to_string(),
        Op::ConstObject(_) => "object".to_string(),
        Op::ConstNative(_) => "native function".to_string(),
        Op::LoadReg(r) => format!("load r{r}"),
        Op::VarCount(_) => "var_count".to_string(),
        Op::VarGet { index, count, .. } => format!("var_get {} of {}", v(*index), v(*count)),
        Op::Unpack { to, table, .. } => format!("unpack {} to r{to}", v(*table)),
        Op::VarCopy { to, count, .. } => format!("var_copy to r{to} {}", v(*count)),
        Op::VarReturn { values, count } => {
            let values: Vec<String> = values.iter().map(|&a| v(a)).collect();
            format!("var_return ({}) {}", values.join(", "), v(*count))
        }
        Op::VarStore { table, count, first, .. } => {
            format!("var_store {} from {first} {}", v(*table), v(*count))
        }
        Op::Guard(a, _) => format!("guard {}", v(*a)),
        Op::GuardResult(a, _) => format!("guard_result {}", v(*a)),
        Op::Box(a) => format!("box {}", v(*a)),
        Op::Arith(op, a, b) => format!("{op:?} {} {}", v(*a), v(*b)).to_lowercase(),
        Op::IntDiv(op, a, b, _) => format!("{op:?} {} {}", v(*a), v(*b)).to_lowercase(),
        Op::MixedArith { op, x, y, .. } => format!("mixed_{op:?} {} {}", v(*x), v(*y)).to_lowercase(),
        Op::MixedCompare { cmp, x, y, .. } => format!("mixed_{cmp:?} {} {}", v(*x), v(*y)).to_lowercase(),
        Op::Equal { x, y, .. } => format!("equal {} {}", v(*x), v(*y)),
        Op::Neg(a) => format!("neg {}", v(*a)),
        Op::Not(a) => format!("not {}", v(*a)),
        Op::IntToFloat(a) => format!("int_to_float {}", v(*a)),
        Op::ToFloat(a, _) => format!("to_float {}", v(*a)),
        Op::Compare(c, a, b) => format!("{c:?} {} {}", v(*a), v(*b)).to_lowercase(),
        Op::Select(c, a, b) => format!("select {} {} {}", v(*c), v(*a), v(*b)),
        Op::Same(a, b) => format!("same {} {}", v(*a), v(*b)),
        Op::Truthy(a) => format!("truthy {}", v(*a)),
        Op::ArrayPart(t) => format!("array_part {}", v(*t)),
        Op::ArraySize(t) => format!("array_size {}", v(*t)),
        Op::GuardPlain(t, _) => format!("guard_plain {}", v(*t)),
        Op::Library { args, .. } => {
            format!("library {}", args.iter().map(|&a| v(a)).collect::<Vec<_>>().join(" "))
        }
        Op::SetList { table, values, .. } => format!("set_list {} {}", v(*table), values.len()),
        Op::Quick { way, args, .. } => {
            format!("{way:?} {}", args.iter().map(|&a| v(a)).collect::<Vec<_>>().join(" ")).to_lowercase()
        }
        Op::GuardString(a, _) => format!("guard_string {}", v(*a)),
        Op::StringField { .. } => "string_field".to_string(),
        Op::StringLength(a) => format!("string_length {}", v(*a)),
        Op::ByteAt { string, index, .. } => format!("byte_at {} {}", v(*string), v(*index)),
        Op::GuardNative { callee, .. } => format!("guard_native {}", v(*callee)),
        Op::Math(f, a, b) => format!("{f:?} {} {}", v(*a), v(*b)).to_lowercase(),
        Op::Round(f, a, _) => format!("{f:?} {}", v(*a)).to_lowercase(),
        Op::SlotLoad { table, offset } => format!("slot_load {} +{offset}", v(*table)),
        Op::SlotPut { table, offset, value, tag, .. } => {
            format!("slot_put {} +{offset} {}{}", v(*table), v(*value), if *tag { "" } else { " value" })
        }
        Op::ArrayGet { table, index, .. } => format!("array_get {} {}", v(*table), v(*index)),
        Op::ArraySet { table, index, value, .. } => {
            format!("array_set {} {} {}", v(*table), v(*index), v(*value))
        }
        Op::GuardShape { table, shapes, .. } => match shapes.len() {
            1 => format!("guard_shape {}", v(*table)),
            n => format!("guard_shape {} {n} shapes", v(*table)),
        },
        Op::SlotGet { table, offset, .. } => format!("slot_get {} +{offset}", v(*table)),
        Op::GuardSlot { table, offset, .. } => format!("guard_slot {} +{offset}", v(*table)),
        Op::SlotSet { table, offset, value, .. } => {
            format!("slot_set {} +{offset} {}", v(*table), v(*value))
        }
        Op::NodeGet { table, .. } => format!("node_get {}", v(*table)),
        Op::NodeSet { table, value, .. } => format!("node_set {} {}", v(*table), v(*value)),
        Op::Lookup { table, cases, .. } => format!("lookup {} {} cases", v(*table), cases.len()),
        Op::StoreField { table, cases, value, .. } => {
            format!("store_field {} {} {} cases", v(*table), v(*value), cases.len())
        }
        Op::Length { table, .. } => format!("length {}", v(*table)),
        Op::UpvalGet { closure: None, index, .. } => format!("upval_get {index}"),
        Op::UpvalGet { closure: Some(f), index, .. } => format!("upval_get {} {index}", v(*f)),
        Op::UpvalSet { index, value } => format!("upval_set {index} {}", v(*value)),
        Op::StoreReg(r, a) => format!("store r{r} {}", v(*a)),
        Op::Call { pc, a, .. } => format!("call r{a} at pc {pc}"),
        Op::OneResult { a, .. } => format!("one_result r{a}"),
        Op::Step { pc, stop, .. } => format!("step {pc}..{stop}"),
        Op::StepTest { pc, .. } => format!("step_test {pc}"),
        Op::Bit(a, n) => format!("bit {} {n}", v(*a)),
        Op::IsNil(a) => format!("is_nil {}", v(*a)),
        Op::GuardCallee { closure, target, .. } => format!("guard_callee {} target {target}", v(*closure)),
        Op::CallNative { a, closure, target, args, pc, .. } => {
            let args: Vec<String> = args.iter().map(|&a| v(a)).collect();
            format!("call_native r{a} {} target {target} ({}) at pc {pc}", v(*closure), args.join(", "))
        }
        Op::CallAny { a, nargs, closure, pc, .. } => {
            format!("call_any r{a} {} {nargs} arguments at pc {pc}", v(*closure))
        }
        Op::TailCall { closure, args, .. } => {
            let args: Vec<String> = args.iter().map(|&a| v(a)).collect();
            format!("tail_call {} ({})", v(*closure), args.join(", "))
        }
        Op::Poll(_) => "poll".to_string(),
        Op::Exit(..) => "exit".to_string(),
        Op::ExitIf { cond, when, .. } => format!("exit_if {} == {when}", v(*cond)),
    }
}
