//! Emitting instructions, with their lines, and handing out registers.

use crate::bytecode::chunk::{ABS_LINE_INFO, MAX_I_WITHOUT_ABS};
use crate::bytecode::instruction::{MAX_BX, MAX_C, OFFSET_SBX};
use crate::bytecode::{AbsLineInfo, Instruction, OpCode};
use crate::error::{Counted, Failure, Res};
use crate::memory::{Buffer, Memory};

use super::{CodeGen, MULTIPLE};

/// Line differences from this one on need an absolute entry.
const LINE_DIFF_LIMIT: u32 = 0x80;

impl<M: Memory> CodeGen<M> {
    /// Appends an instruction and returns its index.
    #[inline]
    pub(crate) fn emit(&mut self, instruction: Instruction) -> Res<i32> {
        let Ok(pc) = i32::try_from(self.fs.proto.code.len()) else {
            return Err(Failure::TooMany { what: Counted::Instructions, limit: i32::MAX as u32 });
        };
        self.fs.proto.code.try_push(instruction)?;
        self.save_line(self.line)?;
        Ok(pc)
    }

    #[inline]
    pub(crate) fn emit_abc(&mut self, op: OpCode, a: u32, b: u32, c: u32) -> Res<i32> {
        self.emit(Instruction::abck(op, a, b, c, 0))
    }

    #[inline]
    pub(crate) fn emit_abck(&mut self, op: OpCode, a: u32, b: u32, c: u32, k: bool) -> Res<i32> {
        self.emit(Instruction::abck(op, a, b, c, u32::from(k)))
    }

    /// The instruction at `pc`, which one of the emitting functions returned.
    #[inline(always)]
    pub(crate) fn at(&mut self, pc: i32) -> &mut Instruction {
        &mut self.fs.proto.code[pc as usize]
    }

    /// The last instruction, unless something may jump to the one after it.
    #[inline]
    pub(super) fn previous_instruction(&mut self) -> Option<&mut Instruction> {
        if self.fs.pc() > self.fs.last_target { self.fs.proto.code.last_mut() } else { None }
    }

    /// Records the line of the last instruction.
    #[inline]
    fn save_line(&mut self, line: i32) -> Res<()> {
        let fs = &mut self.fs;
        let difference = line.wrapping_sub(fs.previous_line);
        let mut info = difference as i8;
        let is_absolute = difference.unsigned_abs() >= LINE_DIFF_LIMIT || {
            let so_far = fs.since_abs_line;
            fs.since_abs_line = so_far.saturating_add(1);
            u32::from(so_far) >= MAX_I_WITHOUT_ABS
        };
        if is_absolute {
            let pc = fs.proto.code.len() as u32 - 1;
            fs.proto.abs_line_info.try_push(AbsLineInfo { pc, line })?;
            info = ABS_LINE_INFO;
            fs.since_abs_line = 1;
        }
        fs.proto.line_info.try_push(info)?;
        fs.previous_line = line;
        Ok(())
    }

    /// Forgets the line of the last instruction. If it was absolute, the next
    /// one will be, too.
    fn remove_line(&mut self) {
        let fs = &mut self.fs;
        match fs.proto.line_info.pop() {
            Some(ABS_LINE_INFO) => {
                fs.proto.abs_line_info.pop();
                fs.since_abs_line = MAX_I_WITHOUT_ABS as u8 + 1;
            }
            Some(difference) => {
                fs.previous_line -= i32::from(difference);
                fs.since_abs_line = fs.since_abs_line.saturating_sub(1);
            }
            None => {}
        }
    }

    /// Changes the line of the last instruction.
    pub(crate) fn fix_line(&mut self, line: i32) -> Res<()> {
        self.remove_line();
        self.save_line(line)
    }

    /// Removes the last instruction.
    pub(super) fn remove_last(&mut self) {
        self.remove_line();
        self.fs.proto.code.pop();
    }

    /// Reserves `n` registers.
    #[inline]
    pub(crate) fn reserve(&mut self, n: u32) -> Res<()> {
        self.fs.check_stack(n)?;
        self.fs.free_reg += n;
        Ok(())
    }

    /// Frees `register` if it holds a temporary.
    #[inline]
    pub(super) fn free_register(&mut self, register: u32) {
        if register >= self.first_free_above_variables() {
            self.fs.free_reg -= 1;
            debug_assert_eq!(register, self.fs.free_reg, "registers are freed in reverse order");
        }
    }

    /// Frees two registers, the higher one first.
    pub(super) fn free_registers(&mut self, first: u32, second: u32) {
        self.free_register(first.max(second));
        self.free_register(first.min(second));
    }

    /// Loads nil into `n` registers from `from` on; extends the instruction
    /// before if that does the same for registers next to these.
    pub(crate) fn load_nil(&mut self, from: u32, n: u32) -> Res<()> {
        let last = from + n - 1;
        if let Some(previous) = self.previous_instruction()
            && previous.op() == OpCode::LoadNil
        {
            let previous_from = previous.a();
            let previous_last = previous_from + previous.b();
            let connects = (previous_from <= from && from <= previous_last + 1)
                || (from <= previous_from && previous_from <= last + 1);
            if connects {
                let from = from.min(previous_from);
                previous.set_a(from);
                previous.set_b(last.max(previous_last) - from);
                return Ok(());
            }
        }
        self.emit_abc(OpCode::LoadNil, from, n - 1, 0)?;
        Ok(())
    }

    /// Loads an integer.
    pub(crate) fn load_int(&mut self, register: u32, value: i64) -> Res<()> {
        match fits_sbx(value) {
            Some(small) => self.emit(Instruction::asbx(OpCode::LoadI, register, small))?,
            None => {
                let index = self.int_constant(value)?;
                self.load_constant(register, index)?
            }
        };
        Ok(())
    }

    /// Loads a float.
    pub(super) fn load_float(&mut self, register: u32, value: f64) -> Res<()> {
        match crate::number::float_to_integer(value).and_then(fits_sbx) {
            Some(small) => self.emit(Instruction::asbx(OpCode::LoadF, register, small))?,
            None => {
                let index = self.float_constant(value)?;
                self.load_constant(register, index)?
            }
        };
        Ok(())
    }

    /// Loads a value of the constant table.
    pub(super) fn load_constant(&mut self, register: u32, index: u32) -> Res<i32> {
        if index <= MAX_BX {
            return self.emit(Instruction::abx(OpCode::LoadK, register, index));
        }
        let pc = self.emit(Instruction::abx(OpCode::LoadKX, register, 0))?;
        self.emit(Instruction::ax(OpCode::ExtraArg, index))?;
        Ok(pc)
    }

    /// Emits the return of `count` values ([`MULTIPLE`]: up to the top) from
    /// `first` on.
    pub(crate) fn emit_return(&mut self, first: u32, count: i32) -> Res<()> {
        let op = match count {
            0 => OpCode::Return0,
            1 => OpCode::Return1,
            _ => OpCode::Return,
        };
        self.emit_abc(op, first, (count + 1) as u32, 0)?;
        Ok(())
    }

    /// Makes the current function vararg.
    pub(crate) fn declare_vararg(&mut self, num_params: u8) -> Res<()> {
        self.fs.proto.is_vararg = true;
        self.emit_abc(OpCode::VarArgPrep, u32::from(num_params), 0, 0)?;
        Ok(())
    }

    /// Emits the instructions for a table constructor, whose sizes
    /// [`CodeGen::set_table_size`] fills in later.
    pub(crate) fn emit_new_table(&mut self) -> Res<i32> {
        let pc = self.emit_abc(OpCode::NewTable, 0, 0, 0)?;
        self.emit(Instruction(0))?;
        Ok(pc)
    }

    /// Completes the NEWTABLE at `pc`.
    pub(crate) fn set_table_size(&mut self, pc: i32, register: u32, array_size: u32, hash_size: u32) {
        let hash_bits = if hash_size == 0 { 0 } else { ceil_log2(hash_size) + 1 };
        let extra = array_size / (MAX_C + 1);
        let low = array_size % (MAX_C + 1);
        *self.at(pc) = Instruction::abck(OpCode::NewTable, register, hash_bits, low, u32::from(extra > 0));
        *self.at(pc + 1) = Instruction::ax(OpCode::ExtraArg, extra);
    }

    /// Emits the storing of `to_store` values ([`MULTIPLE`]: up to the top),
    /// which follow the table in `base`, after its first `stored` items.
    pub(crate) fn emit_set_list(&mut self, base: u32, stored: u32, to_store: i32) -> Res<()> {
        let count = if to_store == MULTIPLE { 0 } else { to_store as u32 };
        if stored <= MAX_C {
            self.emit_abc(OpCode::SetList, base, count, stored)?;
        } else {
            self.emit_abck(OpCode::SetList, base, count, stored % (MAX_C + 1), true)?;
            self.emit(Instruction::ax(OpCode::ExtraArg, stored / (MAX_C + 1)))?;
        }
        self.fs.free_reg = base + 1;
        Ok(())
    }
}

/// `value` if an sBx operand can hold it.
fn fits_sbx(value: i64) -> Option<i32> {
    let small = i32::try_from(value).ok()?;
    (-OFFSET_SBX..=MAX_BX as i32 - OFFSET_SBX).contains(&small).then_some(small)
}

/// The smallest `n` with `2^n >= x`, for `x > 0`.
fn ceil_log2(x: u32) -> u32 {
    u32::BITS - (x - 1).leading_zeros()
}
