//! The verifier: one test for each rule, both sides of it where that says more.
#![allow(clippy::unwrap_used)] // a test may fail by panic

mod assemble;

use OpCode::*;
use assemble::*;
use cranelua_compiler::bytecode::verify::{Reason, VerifyError, verify};
use cranelua_compiler::bytecode::*;
use cranelua_compiler::memory::StdMemory;
use std::collections::HashSet;

fn verdict(chunk: &StdChunk) -> Option<Reason> {
    match verify(chunk, &StdMemory) {
        Ok(()) => None,
        Err(VerifyError::Rejected { reason, .. }) => Some(reason),
        Err(VerifyError::OutOfMemory) => panic!("out of memory"),
    }
}

fn code(code: &[Instruction]) -> Option<Reason> {
    verdict(&chunk(code))
}

fn vararg(code: &[Instruction]) -> Option<Reason> {
    verdict(&vararg_chunk(code))
}

fn changed(change: impl FnOnce(&mut StdProto)) -> Option<Reason> {
    let mut chunk = chunk(&[abc(LoadNil, 0, 0, 0)]);
    change(&mut chunk.main);
    verdict(&chunk)
}

fn jump(offset: i32) -> Instruction {
    Instruction::sj(Jmp, offset)
}

fn extra(ax: u32) -> Instruction {
    Instruction::ax(ExtraArg, ax)
}

#[test]
fn functions_as_a_whole() {
    assert_eq!(changed(|_| {}), None);
    assert_eq!(changed(|f| f.max_stack_size = 1), Some(Reason::StackSize));
    assert_eq!(changed(|f| f.num_params = 9), Some(Reason::TooManyParams));
    assert_eq!(changed(|f| f.upvalues[0].kind = 4), Some(Reason::UpvalueKind));
    assert_eq!(changed(|f| f.upvalues = vec![f.upvalues[0]; 256]), Some(Reason::TooManyUpvalues));
    assert_eq!(changed(|f| f.code.clear()), Some(Reason::NoReturn));
    assert_eq!(changed(|f| f.code.truncate(1)), Some(Reason::NoReturn));
    let captures =
        |in_stack, index| UpvalDesc { name: None, in_stack, index, kind: 0, variable: Captured::Unknown };
    assert_eq!(changed(|f| f.protos[0].upvalues.push(captures(true, 8))), Some(Reason::CaptureRegister));
    assert_eq!(changed(|f| f.protos[0].upvalues.push(captures(false, 1))), Some(Reason::CaptureUpvalue));
    assert_eq!(changed(|f| f.protos[0].upvalues.push(captures(false, 0))), None);
}

#[test]
fn nested_functions_are_checked() {
    let mut bad = chunk(&[]);
    bad.main.protos[0].code.insert(0, abc(Move, 0, 9, 0));
    bad.main.protos[0].line_info.clear();
    let expected = VerifyError::Rejected { reason: Reason::Register, line_defined: 2, pc: 0 };
    assert_eq!(verify(&bad, &StdMemory), Err(expected));
}

#[test]
fn registers_stay_in_the_frame() {
    let first_outside = [
        abc(Move, 8, 0, 0),
        abc(Move, 0, 8, 0),
        abc(LoadTrue, 8, 0, 0),
        abc(LoadNil, 4, 4, 0),
        abc(GetTable, 0, 0, 8),
        abc(GetI, 0, 8, 0),
        abc(SetTable, 0, 8, 0),
        abc(SetI, 0, 0, 8),
        abc(Concat, 5, 4, 0),
        abck(SelfOp, 7, 0, 0),
        abc(Close, 9, 0, 0),
        abc(Call, 6, 3, 1),
        abc(Call, 6, 1, 4),
        abc(Call, 8, 1, 1),
        abc(Return, 6, 4, 0),
        abc(Return, 9, 1, 0),
        abc(Return1, 8, 2, 0),
        abc(SetList, 4, 4, 0),
        Instruction::abx(Closure, 8, 0),
        Instruction::abx(LoadK, 8, 0),
    ];
    for i in first_outside {
        assert_eq!(code(&[i]), Some(Reason::Register), "{i:?}");
    }
    let last_inside = [
        abc(Move, 7, 7, 0),
        abc(LoadNil, 4, 3, 0),
        abc(Concat, 5, 3, 0),
        abck(SelfOp, 6, 7, 0),
        abc(Close, 8, 0, 0),
        abc(Call, 6, 2, 3),
        abc(Return, 6, 3, 0),
        abc(Return, 8, 1, 0),
        abc(Return0, 8, 1, 0),
        abc(SetList, 4, 3, 0),
    ];
    for i in last_inside {
        assert_eq!(code(&[i]), None, "{i:?}");
    }
    assert_eq!(code(&[abc(Concat, 0, 1, 0)]), Some(Reason::Concat));
}

#[test]
fn constants_exist_and_fit() {
    assert_eq!(code(&[Instruction::abx(LoadK, 0, 5)]), Some(Reason::ConstantIndex));
    assert_eq!(code(&[Instruction::abx(LoadKX, 0, 0), extra(4)]), None);
    assert_eq!(code(&[Instruction::abx(LoadKX, 0, 0), extra(5)]), Some(Reason::ConstantIndex));
    assert_eq!(code(&[Instruction::abx(LoadKX, 0, 0)]), Some(Reason::ExtraArgMissing));
    for long_or_no_string in 1..5 {
        let wrong = Some(Reason::ConstantType);
        assert_eq!(code(&[abc(GetField, 0, 0, long_or_no_string)]), wrong);
        assert_eq!(code(&[abc(SetField, 0, long_or_no_string, 0)]), wrong);
        assert_eq!(code(&[abc(GetTabUp, 0, 0, long_or_no_string)]), wrong);
        assert_eq!(code(&[abc(SetTabUp, 0, long_or_no_string, 0)]), wrong);
    }
    assert_eq!(code(&[abc(GetField, 0, 0, 0)]), None);
    assert_eq!(code(&[abck(SetField, 0, 0, 4)]), None);
    assert_eq!(code(&[abck(SetField, 0, 0, 5)]), Some(Reason::ConstantIndex));
    assert_eq!(code(&[abc(GetTabUp, 0, 1, 0)]), Some(Reason::UpvalueIndex));
    assert_eq!(code(&[abc(SetTabUp, 1, 0, 0)]), Some(Reason::UpvalueIndex));
    assert_eq!(code(&[abc(GetUpval, 0, 1, 0)]), Some(Reason::UpvalueIndex));
    assert_eq!(code(&[Instruction::abx(Closure, 0, 1)]), Some(Reason::ProtoIndex));
}

#[test]
fn method_names_are_string_constants() {
    assert_eq!(code(&[abck(SelfOp, 0, 0, 1)]), None);
    assert_eq!(code(&[abck(SelfOp, 0, 0, 2)]), Some(Reason::ConstantType));
    assert_eq!(code(&[abc(SelfOp, 0, 0, 2)]), Some(Reason::SelfName));
    let load = |register, constant| Instruction::abx(LoadK, register, constant);
    assert_eq!(code(&[load(2, 1), abc(SelfOp, 0, 0, 2)]), None);
    assert_eq!(code(&[load(2, 2), abc(SelfOp, 0, 0, 2)]), Some(Reason::ConstantType));
    assert_eq!(code(&[load(3, 1), abc(SelfOp, 0, 0, 2)]), Some(Reason::SelfName));
    assert_eq!(code(&[jump(1), load(2, 1), abc(SelfOp, 0, 0, 2)]), Some(Reason::JumpTarget));
    let far = Instruction::abx(LoadKX, 2, 0);
    assert_eq!(code(&[far, extra(0), abc(SelfOp, 0, 0, 2)]), None);
    assert_eq!(code(&[far, extra(0), abc(SelfOp, 0, 0, 3)]), Some(Reason::SelfName));
}

#[test]
fn arithmetic_has_its_metamethod() {
    assert_eq!(code(&[abc(Add, 0, 1, 2), abc(MmBin, 1, 2, 6)]), None);
    let missing = Some(Reason::MetamethodMissing);
    assert_eq!(code(&[abc(Add, 0, 1, 2)]), missing);
    assert_eq!(code(&[abc(Add, 0, 1, 2), abc(MmBin, 1, 2, 7)]), missing);
    assert_eq!(code(&[abc(Add, 0, 1, 2), abc(MmBin, 2, 1, 6)]), missing);
    assert_eq!(code(&[abc(Add, 0, 1, 2), abc(MmBinI, 1, 2, 6)]), missing);
    assert_eq!(code(&[abc(MmBin, 1, 2, 6)]), Some(Reason::MetamethodStray));
    assert_eq!(code(&[jump(1), abc(Add, 0, 1, 2), abc(MmBin, 1, 2, 6)]), Some(Reason::JumpTarget));
    assert_eq!(code(&[abc(AddK, 0, 1, 3), abck(MmBinK, 1, 3, 6)]), None);
    assert_eq!(code(&[abc(BAndK, 0, 1, 2), abc(MmBinK, 1, 2, 13)]), None);
    assert_eq!(code(&[abc(BAndK, 0, 1, 3), abc(MmBinK, 1, 3, 13)]), Some(Reason::ConstantType));
    assert_eq!(code(&[abc(AddK, 0, 1, 0), abc(MmBinK, 1, 0, 6)]), Some(Reason::ConstantType));
    // R[1] + 5, R[1] - 5 and R[1] << 5 by small constants (excess 127).
    assert_eq!(code(&[abc(AddI, 0, 1, 132), abc(MmBinI, 1, 132, 6)]), None);
    assert_eq!(code(&[abc(AddI, 0, 1, 122), abc(MmBinI, 1, 132, 7)]), None);
    assert_eq!(code(&[abc(AddI, 0, 1, 132), abc(MmBinI, 1, 132, 7)]), missing);
    assert_eq!(code(&[abc(ShrI, 0, 1, 122), abc(MmBinI, 1, 132, 16)]), None);
    assert_eq!(code(&[abc(ShlI, 0, 1, 132), abck(MmBinI, 1, 132, 16)]), None);
}

#[test]
fn jumps_stay_inside_and_off_pairs() {
    assert_eq!(code(&[jump(0)]), None);
    assert_eq!(code(&[jump(-1)]), None);
    assert_eq!(code(&[jump(1)]), Some(Reason::JumpRange));
    assert_eq!(code(&[jump(-2)]), Some(Reason::JumpRange));
    assert_eq!(code(&[abc(Eq, 0, 1, 0), jump(0)]), None);
    assert_eq!(code(&[abc(Eq, 0, 1, 0), abc(Move, 0, 1, 0)]), Some(Reason::TestWithoutJump));
    assert_eq!(code(&[abc(Test, 0, 0, 0)]), Some(Reason::TestWithoutJump));
    assert_eq!(code(&[abc(LFalseSkip, 0, 0, 0), abc(LoadTrue, 0, 0, 0)]), None);
    assert_eq!(code(&[abc(LFalseSkip, 0, 0, 0), abc(LoadFalse, 0, 0, 0)]), Some(Reason::SkipPair));
    assert_eq!(code(&[extra(0)]), Some(Reason::ExtraArgStray));
    assert_eq!(code(&[jump(1), abc(NewTable, 0, 0, 0), extra(0)]), Some(Reason::JumpTarget));
    assert_eq!(code(&[abc(NewTable, 0, 0, 0)]), Some(Reason::ExtraArgMissing));
    assert_eq!(code(&[abc(NewTable, 0, 32, 0), extra(0)]), Some(Reason::TableSize));
    assert_eq!(code(&[abc(NewTable, 0, 0, 0), extra(1)]), Some(Reason::TableSize));
    assert_eq!(code(&[abck(SetList, 0, 1, 0), extra(1)]), None);
    assert_eq!(code(&[abck(SetList, 0, 1, 0), extra(1 << 23)]), Some(Reason::TableSize));
    assert_eq!(code(&[abc(SetList, 0, 1, 0), extra(1)]), Some(Reason::ExtraArgStray));
    assert_eq!(code(&[Instruction(83)]), Some(Reason::OpCode));
}

#[test]
fn open_values_go_straight_to_their_taker() {
    let producer = abc(Call, 1, 1, 0);
    for taker in [abc(Call, 0, 0, 1), abc(TailCall, 0, 0, 0), abc(Return, 1, 0, 0), abc(SetList, 0, 0, 0)] {
        assert_eq!(code(&[producer, taker]), None, "{taker:?}");
        assert_eq!(code(&[taker]), Some(Reason::OpenStray));
        assert_eq!(code(&[abc(Call, 1, 1, 2), taker]), Some(Reason::OpenStray));
        assert_eq!(code(&[jump(1), producer, taker]), Some(Reason::JumpTarget));
    }
    assert_eq!(code(&[producer]), Some(Reason::OpenMissing));
    assert_eq!(code(&[producer, abc(Call, 1, 0, 1)]), Some(Reason::OpenStray));
    assert_eq!(code(&[producer, abc(Return, 2, 0, 0)]), Some(Reason::OpenStray));
    assert_eq!(code(&[abc(TailCall, 0, 1, 0), abc(Return, 0, 0, 0)]), None);
    assert_eq!(vararg(&[abc(VarArg, 1, 0, 0), abc(Call, 0, 0, 1)]), None);
    assert_eq!(vararg(&[abc(VarArg, 1, 0, 0)]), Some(Reason::OpenMissing));
}

#[test]
fn returns_fit_their_function() {
    assert_eq!(vararg(&[]), None);
    assert_eq!(vararg(&[abc(Return, 0, 1, 0)]), Some(Reason::ReturnKind));
    assert_eq!(vararg(&[abc(Return0, 0, 1, 0)]), Some(Reason::ReturnKind));
    assert_eq!(vararg(&[abc(TailCall, 0, 1, 0)]), Some(Reason::ReturnKind));
    assert_eq!(code(&[abc(Return, 0, 1, 1)]), Some(Reason::ReturnKind));
    assert_eq!(code(&[abc(Tbc, 0, 0, 0)]), Some(Reason::ReturnKind));
    let closing = |ends: Instruction| {
        let mut chunk = chunk(&[abc(Tbc, 0, 0, 0)]);
        chunk.main.code[1] = ends;
        verdict(&chunk)
    };
    assert_eq!(closing(abc(Return, 0, 1, 0)), Some(Reason::ReturnKind));
    assert_eq!(closing(abck(Return, 0, 1, 0)), None);
    let capture = UpvalDesc { name: None, in_stack: true, index: 0, kind: 0, variable: Captured::Unknown };
    assert_eq!(changed(|f| f.protos[0].upvalues.push(capture)), Some(Reason::ReturnKind));
}

#[test]
fn varargs_are_prepared_once() {
    assert_eq!(changed(|f| f.is_vararg = true), Some(Reason::VarArgPrep));
    assert_eq!(code(&[abc(VarArgPrep, 0, 0, 0)]), Some(Reason::VarArgPrep));
    assert_eq!(vararg(&[abc(VarArgPrep, 0, 0, 0)]), Some(Reason::VarArgPrep));
    assert_eq!(vararg(&[jump(-2)]), Some(Reason::JumpTarget));
    assert_eq!(code(&[abc(VarArg, 0, 2, 0)]), Some(Reason::VarArg));
    let mut wrong = vararg_chunk(&[]);
    wrong.main.num_params = 1;
    wrong.main.code[1] = abc(Return, 0, 1, 2);
    assert_eq!(verdict(&wrong), Some(Reason::VarArgPrep));
}

#[test]
fn numeric_loops_match() {
    let prep = |a, bx| Instruction::abx(ForPrep, a, bx);
    let end = |a, bx| Instruction::abx(ForLoop, a, bx);
    let body = abc(Move, 7, 3, 0);
    assert_eq!(code(&[prep(0, 1), body, end(0, 2)]), None);
    assert_eq!(code(&[prep(0, 0), end(0, 1)]), None);
    assert_eq!(code(&[prep(5, 1), body, end(5, 2)]), Some(Reason::Register));
    assert_eq!(code(&[prep(0, 1), body, end(1, 2)]), Some(Reason::ForLoop));
    assert_eq!(code(&[prep(0, 1), body, end(0, 1)]), Some(Reason::ForLoop));
    assert_eq!(code(&[prep(0, 1), body, body]), Some(Reason::ForLoop));
    assert_eq!(code(&[body, end(0, 1)]), Some(Reason::ForLoop));
    assert_eq!(code(&[body, end(0, 9)]), Some(Reason::JumpRange));
    // A nested loop, and two that overlap.
    assert_eq!(code(&[prep(0, 2), prep(4, 0), end(4, 1), end(0, 3)]), None);
    assert_eq!(code(&[prep(0, 1), prep(4, 1), end(0, 2), end(4, 2)]), Some(Reason::LoopNesting));
    // Jumps inside, out, and in.
    assert_eq!(code(&[prep(0, 2), jump(0), jump(-2), end(0, 3)]), None);
    assert_eq!(code(&[prep(0, 1), jump(1), end(0, 2), body]), None);
    assert_eq!(code(&[jump(1), prep(0, 1), body, end(0, 2)]), Some(Reason::JumpIntoLoop));
    assert_eq!(code(&[prep(0, 1), body, end(0, 2), jump(-2)]), Some(Reason::JumpIntoLoop));
    assert_eq!(code(&[jump(0), prep(0, 1), body, end(0, 2)]), None);
}

#[test]
fn generic_loops_match() {
    let prep = |a, bx| Instruction::abx(TForPrep, a, bx);
    let end = |a, bx| Instruction::abx(TForLoop, a, bx);
    let call = |a, c| abc(TForCall, a, 0, c);
    let looping = |code: &[Instruction]| {
        let mut chunk = chunk(code);
        if let Some(last) = chunk.main.code.last_mut() {
            *last = abck(Return, 0, 1, 0);
        }
        verdict(&chunk)
    };
    assert_eq!(looping(&[prep(0, 0), call(0, 1), end(0, 2)]), None);
    assert_eq!(looping(&[prep(1, 0), call(1, 3), end(1, 2)]), None);
    assert_eq!(looping(&[prep(1, 0), call(1, 4), end(1, 2)]), Some(Reason::Register));
    assert_eq!(looping(&[prep(2, 0), call(2, 1), end(2, 2)]), Some(Reason::Register));
    assert_eq!(looping(&[prep(0, 0), call(0, 0), end(0, 2)]), Some(Reason::ForLoop));
    assert_eq!(looping(&[prep(0, 0), call(1, 1), end(0, 2)]), Some(Reason::ForLoop));
    assert_eq!(looping(&[prep(0, 0), call(0, 1), end(0, 1)]), Some(Reason::ForLoop));
    assert_eq!(looping(&[call(0, 1), end(0, 3)]), Some(Reason::JumpRange));
    assert_eq!(looping(&[abc(Move, 0, 0, 0), call(0, 1), end(0, 2)]), Some(Reason::ForLoop));
    assert_eq!(code(&[prep(0, 0), call(0, 1), end(0, 2)]), Some(Reason::ReturnKind));
}

#[test]
fn debug_information_fits() {
    assert_eq!(changed(|f| f.line_info.clear()), None);
    assert_eq!(changed(|f| f.line_info.truncate(1)), Some(Reason::LineInfo));
    assert_eq!(changed(|f| f.line_info[0] = -1), Some(Reason::LineInfo));
    assert_eq!(changed(|f| f.line_defined = i32::MAX), Some(Reason::LineInfo));
    let absolute = Some(Reason::AbsLineInfo);
    assert_eq!(changed(|f| f.line_info[0] = chunk::ABS_LINE_INFO), absolute);
    assert_eq!(changed(|f| f.abs_line_info.push(AbsLineInfo { pc: 0, line: 1 })), absolute);
    assert_eq!(verdict(&chunk(&[abc(LoadNil, 0, 0, 0); 128])), absolute);
    assert_eq!(verdict(&chunk(&[abc(LoadNil, 0, 0, 0); 127])), None);
    let local = |start_pc, end_pc| {
        changed(|f| {
            let name = f.source;
            f.loc_vars.push(LocVar { name, start_pc, end_pc });
        })
    };
    assert_eq!(local(0, 2), None);
    assert_eq!(local(0, 3), Some(Reason::LocalVariable));
    assert_eq!(local(2, 1), Some(Reason::LocalVariable));
    assert_eq!(
        changed(|f| f.loc_vars.push(LocVar { name: None, start_pc: 0, end_pc: 0 })),
        Some(Reason::LocalVariable)
    );
    let locals = |count: usize, start_pc, end_pc| {
        changed(|f| f.loc_vars.extend(vec![LocVar { name: f.source, start_pc, end_pc }; count]))
    };
    let registers = usize::from(chunk(&[]).main.max_stack_size);
    assert_eq!(locals(registers, 0, 1), None);
    assert_eq!(locals(registers + 1, 0, 1), Some(Reason::TooManyVariables));
    assert_eq!(locals(1000, 1, 1), None);
}

#[test]
fn reasons_have_texts_of_their_own() {
    let texts: HashSet<_> = Reason::ALL.iter().map(|reason| reason.text()).collect();
    assert_eq!(texts.len(), Reason::ALL.len());
}
