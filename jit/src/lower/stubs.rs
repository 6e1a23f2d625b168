//! Small functions between the calling convention of native functions and the
//! Lua stack, one pair for each list of argument types.

use super::{clif_type, memory};
use crate::frames::{TAG_ERROR, TAG_EXIT};
use crate::hir::Ty;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, FuncRef, InstBuilder, Signature, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilder;
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

/// Returned by an entry stub: payload and tag of the result have been written.
pub const RETURNED: i64 = -1;
/// Returned by an entry stub: the arguments have other types.
pub const MISMATCH: i64 = -2;

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

/// The entry stub: gets thread, base, address of a native function and a place for
/// payload and tag of its result. Loads the arguments from their slots; returns
/// [`RETURNED`], [`MISMATCH`], the number of an exit, or
/// [`THROWN`](super::THROWN) with the number of a `Throw`.
pub fn entry(params: &[Ty], mut b: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let given = b.block_params(block).to_vec();
    let (state, base, code, out) = (given[0], given[1], given[2], given[3]);
    let mismatch = b.create_block();
    let mut args = vec![state, base];
    for (n, &ty) in params.iter().enumerate() {
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
        b.ins().brif(bad, mismatch, &[], next, &[]);
        b.switch_to_block(next);
    }
    let mut sig = b.func.signature.clone();
    function_signature(params, &mut sig);
    let sig = b.import_signature(sig);
    let call = b.ins().call_indirect(sig, code, &args);
    let (value, tag) = (b.inst_results(call)[0], b.inst_results(call)[1]);
    let low = b.ins().ireduce(types::I32, tag);
    let special = b.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, low, TAG_ERROR as i64);
    let (left, returned) = (b.create_block(), b.create_block());
    b.ins().brif(special, left, &[], returned, &[]);
    b.switch_to_block(returned);
    b.ins().store(memory(), value, out, 0);
    b.ins().store(memory(), tag, out, 8);
    let r = b.ins().iconst(types::I64, RETURNED);
    b.ins().return_(&[r]);
    b.switch_to_block(left);
    let exit = b.ins().icmp_imm_s(IntCC::Equal, tag, TAG_EXIT as i64);
    let thrown = b.ins().bor_imm_s(value, super::THROWN);
    let r = b.ins().select(exit, value, thrown);
    b.ins().return_(&[r]);
    b.switch_to_block(mismatch);
    let r = b.ins().iconst(types::I64, MISMATCH);
    b.ins().return_(&[r]);
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
    let call = b.ins().call(helper, &[state, base, sp]);
    let results = b.inst_results(call).to_vec();
    b.ins().return_(&results);
    b.seal_all_blocks();
    b.finalize(config);
}
