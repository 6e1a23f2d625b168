//! Which registers the rest of a function may still read, by instruction.

use cranelua_compiler::bytecode::{Instruction, OpCode};

/// A set of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RegSet([u64; 4]);

impl RegSet {
    pub fn insert(&mut self, r: usize) {
        if r < 256 {
            self.0[r >> 6] |= 1 << (r & 63);
        }
    }
    pub fn remove(&mut self, r: usize) {
        if r < 256 {
            self.0[r >> 6] &= !(1 << (r & 63));
        }
    }
    pub fn contains(&self, r: usize) -> bool {
        r < 256 && self.0[r >> 6] & 1 << (r & 63) != 0
    }
    fn union(&mut self, other: &RegSet) -> bool {
        let mut changed = false;
        for (a, b) in self.0.iter_mut().zip(other.0) {
            changed |= *a | b != *a;
            *a |= b;
        }
        changed
    }
}

/// Calls `f` with each register that the instruction reads. `top` is the end of
/// the frame, for instructions that read up to a variable top.
pub fn reads(i: Instruction, top: usize, mut f: impl FnMut(usize)) {
    let (a, b, c) = (i.a() as usize, i.b() as usize, i.c() as usize);
    use OpCode::*;
    match i.op() {
        Move | Unm | BNot | Not | Len | GetI | GetField | AddI | AddK | SubK | MulK | ModK | PowK | DivK
        | IDivK | BAndK | BOrK | BXorK | ShrI | ShlI | TestSet => f(b),
        SetUpval | Close | Tbc | EqK | EqI | LtI | LeI | GtI | GeI | Test | MmBinI | MmBinK => f(a),
        GetTable | Add | Sub | Mul | Mod | Pow | Div | IDiv | BAnd | BOr | BXor | Shl | Shr => {
            f(b);
            f(c);
        }
        Eq | Lt | Le | MmBin => {
            f(a);
            f(b);
        }
        SetTabUp if !i.k() => {
            f(c);
        }
        SetTable => {
            f(a);
            f(b);
            if !i.k() {
                f(c);
            }
        }
        SetI | SetField => {
            f(a);
            if !i.k() {
                f(c);
            }
        }
        SelfOp => {
            f(b);
            if !i.k() {
                f(c);
            }
        }
        Concat => (a..a + b).for_each(f),
        Call | TailCall => {
            let end = if b == 0 { top } else { a + b };
            (a..end).for_each(f);
        }
        Return => {
            let end = if b == 0 { top } else { a + b - 1 };
            (a..end).for_each(f);
        }
        Return1 => f(a),
        ForLoop | ForPrep => (a..a + 3).for_each(f),
        TForPrep => f(a + 3),
        TForCall => (a..a + 3).for_each(f),
        TForLoop => {
            f(a + 4);
            f(a + 2);
        }
        SetList => {
            let end = if b == 0 { top } else { a + b + 1 };
            (a..end).for_each(f);
        }
        // What CLOSURE captures lives in its slot, where nobody forgets it.
        _ => {}
    }
}

/// Calls `f` with each register that the instruction writes (or may leave
/// changed). What makes an object may collect, which clears everything above the
/// object, and what closes variables calls functions right above them: no value of such a
/// register may outlive the instruction.
pub fn writes(i: Instruction, top: usize, mut f: impl FnMut(usize)) {
    let (a, b, c) = (i.a() as usize, i.b() as usize, i.c() as usize);
    use OpCode::*;
    match i.op() {
        LoadNil => (a..=a + b).for_each(f),
        SelfOp => {
            f(a);
            f(a + 1);
        }
        Call | TailCall => (a..top).for_each(f),
        VarArg => {
            let end = if c == 0 { top } else { a + c - 1 };
            (a..end).for_each(f);
        }
        ForLoop | ForPrep => (a..a + 4).for_each(f),
        TForCall => (a + 4..top).for_each(f),
        TForLoop => f(a + 2),
        NewTable | Concat | Closure => (a..top).for_each(f),
        Close => (a + 1..top).for_each(f),
        op if op.sets_a() => f(a),
        _ => {}
    }
}

/// Successors of the instruction at `pc`.
pub fn successors(code: &[Instruction], pc: usize) -> [Option<usize>; 2] {
    let i = code[pc];
    let next = Some(pc + 1);
    use OpCode::*;
    match i.op() {
        Jmp => [Some((pc as i64 + 1 + i64::from(i.get_sj())) as usize), None],
        LFalseSkip | LoadKX => [Some(pc + 2), None],
        op if op.is_test() => [next, Some(pc + 2)],
        Return | Return0 | Return1 | TailCall => [None, None],
        ForLoop => [next, Some(pc + 1 - i.bx() as usize)],
        ForPrep => [next, Some(pc + 2 + i.bx() as usize)],
        TForPrep => [Some(pc + 1 + i.bx() as usize), None],
        TForLoop => [next, Some(pc + 1 - i.bx() as usize)],
        _ => [next, None],
    }
}

/// Registers live before each instruction: what is read later, and the variables in
/// scope, which the debug library and the collector see.
pub fn live_in(code: &[Instruction], in_scope: &[u8], top: usize) -> Vec<RegSet> {
    let mut live = vec![RegSet::default(); code.len()];
    for (set, &n) in live.iter_mut().zip(in_scope) {
        (0..n as usize).for_each(|r| set.insert(r));
    }
    loop {
        let mut changed = false;
        for pc in (0..code.len()).rev() {
            let mut set = RegSet::default();
            for next in successors(code, pc).into_iter().flatten() {
                if let Some(s) = live.get(next) {
                    set.union(s);
                }
            }
            // Arithmetic skips its metamethod instruction, which still reads
            // its operands when it runs: keep them.
            // TESTSET writes only when it jumps.
            if code[pc].op() != OpCode::TestSet {
                writes(code[pc], top, |r| set.remove(r));
            }
            reads(code[pc], top, |r| set.insert(r));
            changed |= live[pc].union(&set);
        }
        if !changed {
            return live;
        }
    }
}
