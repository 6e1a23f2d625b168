//! The last pass over a function's code.

use crate::bytecode::OpCode;
use crate::error::Res;
use crate::memory::Memory;

use super::CodeGen;

/// How many jumps to jumps are followed; they may form a cycle.
const MAX_HOPS: u32 = 100;

impl<M: Memory> CodeGen<M> {
    /// Completes returns, now that it is known whether the function closes
    /// variables, and shortens chains of jumps.
    pub(super) fn finish(&mut self) -> Res<()> {
        let needs_close = self.fs.needs_close;
        let is_vararg = self.fs.proto.is_vararg;
        let params = u32::from(self.fs.proto.num_params);
        for pc in 0..self.fs.pc() {
            let instruction = self.at(pc);
            match instruction.op() {
                OpCode::Return0 | OpCode::Return1 | OpCode::Return | OpCode::TailCall => {
                    if matches!(instruction.op(), OpCode::Return0 | OpCode::Return1) {
                        if !(needs_close || is_vararg) {
                            continue;
                        }
                        // Only the general form does the extra work.
                        instruction.set_op(OpCode::Return);
                    }
                    if needs_close {
                        instruction.set_k(true);
                    }
                    if is_vararg {
                        instruction.set_c(params + 1);
                    }
                }
                OpCode::Jmp => {
                    let target = self.final_target(pc);
                    self.fix_jump(pc, target)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where a jump ends after the jumps that it leads to.
    fn final_target(&mut self, mut pc: i32) -> i32 {
        for _ in 0..MAX_HOPS {
            let instruction = *self.at(pc);
            if instruction.op() != OpCode::Jmp {
                break;
            }
            pc += instruction.get_sj() + 1;
        }
        pc
    }
}
