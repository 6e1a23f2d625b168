//! One 32-bit instruction word and its fields.
//!
//! ```text
//!        31..24     23..16  15 14......7 6.....0
//! iABC   C(8)       B(8)    k  A(8)      op(7)
//! iABx        Bx(17)           A(8)      op(7)
//! iAsBx      sBx(17, excess)   A(8)      op(7)
//! iAx                Ax(25)              op(7)
//! isJ                sJ(25, excess)      op(7)
//! ```

use super::opcodes::OpCode;

pub const MAX_A: u32 = 0xFF;
pub const MAX_B: u32 = 0xFF;
pub const MAX_C: u32 = 0xFF;
pub const MAX_BX: u32 = (1 << 17) - 1;
pub const MAX_AX: u32 = (1 << 25) - 1;
pub const MAX_SJ: u32 = (1 << 25) - 1;
/// Excess of a signed C operand.
pub const OFFSET_SC: i32 = 127;
/// Excess of sBx.
pub const OFFSET_SBX: i32 = (MAX_BX >> 1) as i32;
/// Excess of sJ.
pub const OFFSET_SJ: i32 = (MAX_SJ >> 1) as i32;

/// A bytecode instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Instruction(pub u32);

impl Instruction {
    #[inline(always)]
    pub const fn abck(op: OpCode, a: u32, b: u32, c: u32, k: u32) -> Self {
        Instruction(op as u32 | a << 7 | k << 15 | b << 16 | c << 24)
    }
    #[inline(always)]
    pub const fn abx(op: OpCode, a: u32, bx: u32) -> Self {
        Instruction(op as u32 | a << 7 | bx << 15)
    }
    #[inline(always)]
    pub const fn asbx(op: OpCode, a: u32, sbx: i32) -> Self {
        Self::abx(op, a, (sbx + OFFSET_SBX) as u32)
    }
    #[inline(always)]
    pub const fn ax(op: OpCode, ax: u32) -> Self {
        Instruction(op as u32 | ax << 7)
    }
    #[inline(always)]
    pub const fn sj(op: OpCode, sj: i32) -> Self {
        Instruction(op as u32 | ((sj + OFFSET_SJ) as u32) << 7)
    }

    /// The opcode; `None` for a number that is no opcode.
    #[inline(always)]
    pub const fn try_op(self) -> Option<OpCode> {
        OpCode::from_u8(self.op_byte())
    }
    /// The opcode of an instruction that the compiler made or the verifier passed.
    /// A number that is no opcode reads as EXTRAARG.
    #[inline(always)]
    pub const fn op(self) -> OpCode {
        match self.try_op() {
            Some(op) => op,
            None => OpCode::ExtraArg,
        }
    }
    /// The seven opcode bits.
    #[inline(always)]
    pub const fn op_byte(self) -> u8 {
        (self.0 & 0x7F) as u8
    }
    #[inline(always)]
    pub const fn a(self) -> u32 {
        self.0 >> 7 & 0xFF
    }
    #[inline(always)]
    pub const fn b(self) -> u32 {
        self.0 >> 16 & 0xFF
    }
    #[inline(always)]
    pub const fn c(self) -> u32 {
        self.0 >> 24
    }
    #[inline(always)]
    pub const fn k(self) -> bool {
        self.0 & 1 << 15 != 0
    }
    #[inline(always)]
    pub const fn sb(self) -> i32 {
        self.b() as i32 - OFFSET_SC
    }
    #[inline(always)]
    pub const fn sc(self) -> i32 {
        self.c() as i32 - OFFSET_SC
    }
    #[inline(always)]
    pub const fn bx(self) -> u32 {
        self.0 >> 15
    }
    #[inline(always)]
    pub const fn sbx(self) -> i32 {
        self.bx() as i32 - OFFSET_SBX
    }
    #[inline(always)]
    pub const fn get_ax(self) -> u32 {
        self.0 >> 7
    }
    #[inline(always)]
    pub const fn get_sj(self) -> i32 {
        (self.0 >> 7) as i32 - OFFSET_SJ
    }

    pub fn set_op(&mut self, op: OpCode) {
        self.0 = self.0 & !0x7F | op as u32;
    }
    pub fn set_a(&mut self, a: u32) {
        self.0 = self.0 & !(0xFF << 7) | a << 7;
    }
    pub fn set_b(&mut self, b: u32) {
        self.0 = self.0 & !(0xFF << 16) | b << 16;
    }
    pub fn set_c(&mut self, c: u32) {
        self.0 = self.0 & !(0xFF << 24) | c << 24;
    }
    pub fn set_k(&mut self, k: bool) {
        self.0 = self.0 & !(1 << 15) | (k as u32) << 15;
    }
    pub fn set_bx(&mut self, bx: u32) {
        self.0 = self.0 & 0x7FFF | bx << 15;
    }
    pub fn set_sbx(&mut self, sbx: i32) {
        self.set_bx((sbx + OFFSET_SBX) as u32);
    }
    pub fn set_sj(&mut self, sj: i32) {
        self.0 = self.0 & 0x7F | ((sj + OFFSET_SJ) as u32) << 7;
    }
}
