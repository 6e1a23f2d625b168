//! Small functions between the calling convention of native functions and the
//! Lua stack, one pair for each list of argument types.

use super::{clif_type, memory};
use crate::helpers::Name;
use crate::hir::Ty;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, FuncRef, InstBuilder, Signature, Value, types};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::FunctionBuilder;
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

/// Makes `sig` that of entries: see [`entry`].
pub fn entry_signature(sig: &mut Signature) {
    function_signature(&[Ty::Int], sig);
}

/// Makes `sig` that of native functions with these argument types.
pub fn function_signature(params: &[Ty], sig: &mut Signature) {
    sig.params.clear();
    sig.returns.clear();
    for _ in 0..2 {
        sig.params.push(AbiParam::new(types::I64));
        sig.returns.push(AbiParam::new(types::I64));
    }
    for &ty in params {
        sig.params.push(AbiParam::new(clif_type(ty)));
        if ty == Ty::Any {
            sig.params.push(AbiParam::new(types::I32));
        }
    }
}

/// That of the [`thunk`]: thread, base, and number of the recovery. The convention saves all registers, so that cold
/// calls cost the code around them no register, and has no results.
pub fn thunk_signature() -> Signature {
    let mut sig = Signature::new(CallConv::PreserveAll);
    sig.params.extend([AbiParam::new(types::I64); 3]);
    sig
}

/// The function between units and `helper_recover`: adds the machine stack pointer of the unit's frame.
pub fn thunk(helper: FuncRef, mut b: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let [state, base, number] = *b.block_params(block) else {
        unreachable!("as in its signature");
    };
    // Where the return address and the caller's frame pointer are.
    let frame = b.ins().get_frame_pointer(types::I64);
    let sp = b.ins().iadd_imm_s(frame, 16);
    b.ins().call(helper, &[state, base, sp, number]);
    b.ins().return_(&[]);
    b.seal_all_blocks();
    b.finalize(config);
}

/// The tag of a value of type `ty` as 32 bits; that of an `Any` is known.
pub(super) fn tag_value(b: &mut FunctionBuilder<'_>, ty: Ty, value: Value, tag: Option<Value>) -> Value {
    match (tag, ty) {
        (Some(t), _) => t,
        (None, Ty::Bool) => {
            // false is 0x01, true 0x11.
            let wide = b.ins().uextend(types::I32, value);
            let shifted = b.ins().ishl_imm_s(wide, 4);
            b.ins().bor_imm_s(shifted, i64::from(tag::FALSE))
        }
        (None, ty) => b.ins().iconst(types::I32, i64::from(ty.tag().unwrap_or(tag::NIL))),
    }
}

/// Writes an argument to its home slot.
pub(super) fn store_argument(
    b: &mut FunctionBuilder<'_>,
    base: Value,
    n: usize,
    ty: Ty,
    value: Value,
    tag: Option<Value>,
) {
    let at = n as i32 * layout::SLOT;
    let tag = tag_value(b, ty, value, tag);
    if !matches!(ty, Ty::Nil | Ty::Bool) {
        b.ins().store(memory(), value, base, at + layout::SLOT_VALUE);
    }
    b.ins().store(memory(), tag, base, at + layout::SLOT_TAG);
}

/// The entry of functions with these argument types: gets thread, base and the number of
/// arguments, which are in their slots, and returns what the function does. What it
/// cannot enter it leaves to the interpreter.
pub fn entry(params: &[Ty], helpers: &[FuncRef], mut b: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let given = b.block_params(block).to_vec();
    let (state, base, nargs) = (given[0], given[1], given[2]);
    let interpret = b.create_block();
    b.set_cold_block(interpret);
    let (mut base, called) = (base, base);
    let mut extra = None;
    if params.last() == Some(&Ty::Raw) {
        // A vararg function: what the code of others looks at when it is entered is looked at here.
        let sp = b.ins().get_stack_pointer(types::I64);
        let limit = b.ins().load(types::I64, memory(), state, layout::STATE_NATIVE_LIMIT);
        let low = b.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        let (next, moved) = (b.create_block(), b.create_block());
        b.ins().brif(low, interpret, &[], next, &[]);
        b.switch_to_block(next);
        let call = b.ins().call(helpers[Name::MoveFrame as usize], &[state, base, nargs]);
        base = b.inst_results(call)[0];
        b.ins().brif(base, moved, &[], interpret, &[]);
        b.switch_to_block(moved);
        let fixed = params.len() as i64 - 1;
        let more = b.ins().iadd_imm_s(nargs, -fixed);
        let none = b.ins().iconst(types::I64, 0);
        extra = Some(b.ins().smax(more, none));
    } else if !params.is_empty() {
        // Too few arguments.
        let count = params.len() as i64;
        let few = b.ins().icmp_imm_s(IntCC::UnsignedLessThan, nargs, count);
        let (missing, fill, complete) = (b.create_block(), b.create_block(), b.create_block());
        b.set_cold_block(missing);
        b.set_cold_block(fill);
        b.ins().brif(few, missing, &[], complete, &[]);
        b.switch_to_block(missing);
        let end = b.ins().iadd_imm_s(base, count * i64::from(layout::SLOT));
        let last = b.ins().load(types::I64, memory(), state, layout::STATE_STACK_LAST);
        let full = b.ins().icmp(IntCC::UnsignedGreaterThan, end, last);
        b.ins().brif(full, interpret, &[], fill, &[]);
        b.switch_to_block(fill);
        let all = b.ins().iconst(types::I64, count);
        b.ins().call(helpers[Name::FillNil as usize], &[base, nargs, all]);
        b.ins().jump(complete, &[]);
        b.switch_to_block(complete);
    }
    let mut args = vec![state, base];
    for (n, &ty) in params.iter().enumerate() {
        if let (Ty::Raw, Some(extra)) = (ty, extra) {
            args.push(extra);
            continue;
        }
        let at = n as i32 * layout::SLOT;
        let found = b.ins().load(types::I32, memory(), base, at + layout::SLOT_TAG);
        let load = if ty == Ty::Float { types::F64 } else { types::I64 };
        let value = b.ins().load(load, memory(), base, at + layout::SLOT_VALUE);
        let (value, bad) = match ty {
            Ty::Any => {
                args.push(value);
                args.push(found);
                continue;
            }
            Ty::Bool => {
                let low = b.ins().band_imm_s(found, 0x0F);
                let high = b.ins().ushr_imm_s(found, 4);
                (b.ins().ireduce(types::I8, high), b.ins().icmp_imm_s(IntCC::NotEqual, low, 1))
            }
            ty => {
                let want = i64::from(ty.tag().unwrap_or(tag::NIL));
                (value, b.ins().icmp_imm_s(IntCC::NotEqual, found, want))
            }
        };
        args.push(value);
        let next = b.create_block();
        b.ins().brif(bad, interpret, &[], next, &[]);
        b.switch_to_block(next);
    }
    let closure = b.ins().load(types::I64, memory(), base, layout::SLOT_VALUE - layout::SLOT);
    let proto = b.ins().load(types::I64, memory(), closure, layout::CLOSURE_PROTO);
    let code = b.ins().load(types::I64, memory(), proto, layout::PROTO_BODY);
    let mut sig = b.func.signature.clone();
    function_signature(params, &mut sig);
    let sig = b.import_signature(sig);
    let call = b.ins().call_indirect(sig, code, &args);
    let results = b.inst_results(call).to_vec();
    b.ins().return_(&results);
    b.switch_to_block(interpret);
    let sp = b.ins().get_stack_pointer(types::I64);
    let call = b.ins().call(helpers[Name::Interpret as usize], &[state, called, sp, nargs]);
    let results = b.inst_results(call).to_vec();
    b.ins().return_(&results);
    b.seal_all_blocks();
    b.finalize(config);
}

/// The stub that stands in for code that is gone: writes the arguments to their
/// slots and has the interpreter run the function.
pub fn fallback(params: &[Ty], helper: FuncRef, mut b: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let given = b.block_params(block).to_vec();
    let (state, base) = (given[0], given[1]);
    let mut rest = given[2..].iter().copied();
    for (n, &ty) in params.iter().enumerate() {
        if let Some(value) = rest.next() {
            let tag = if ty == Ty::Any { rest.next() } else { None };
            store_argument(&mut b, base, n, ty, value, tag);
        }
    }
    let sp = b.ins().get_stack_pointer(types::I64);
    let nargs = b.ins().iconst(types::I64, params.len() as i64);
    let call = b.ins().call(helper, &[state, base, sp, nargs]);
    let results = b.inst_results(call).to_vec();
    b.ins().return_(&results);
    b.seal_all_blocks();
    b.finalize(config);
}
