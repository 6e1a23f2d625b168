//! Scopes: variables, blocks, gotos and labels.
//!
//! All lists are shared by the functions being compiled and work as stacks;
//! a function or block remembers where its part starts.

use crate::bytecode::{Captured, Constant, LocVar, OpCode, StrId, UpvalDesc};
use crate::codegen::{CodeGen, Expr, ExprKind};
use crate::error::{Counted, Failure, Res};
use crate::memory::{Buffer, Memory};

/// Variables of a function that may be declared at a time.
const MAX_VARIABLES: u32 = 200;
/// Entries that the lists of debug variables, labels and gotos can have.
const MAX_LIST: usize = i16::MAX as usize;

/// What may be done with a variable, numbered as in upvalue descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum VariableKind {
    Regular = 0,
    Const = 1,
    ToBeClosed = 2,
    /// A constant known by the compiler: it has no register.
    CompileTime = 3,
}

/// A local variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    pub name: StrId,
    pub kind: VariableKind,
    register: u8,
    /// Whether it is assigned after its declaration.
    assigned: bool,
    /// Its number among the captured variables of the chunk, once it is one.
    captured: Option<u32>,
    /// Index in the prototype's debug list.
    debug_index: u16,
    /// Value of a compile-time constant.
    pub value: Constant,
}

/// A block of statements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// Index of the first label in this block.
    first_label: usize,
    /// Index of the first pending goto in this block.
    first_goto: usize,
    /// Number of active variables outside the block.
    pub active: u32,
    /// Whether some variable of the block is an upvalue or to be closed.
    pub has_upvalue: bool,
    is_loop: bool,
    /// Whether it is in the scope of a variable to be closed.
    pub inside_tbc: bool,
}

/// A label, or a goto whose label has not been seen yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    /// `None` is the target of `break`.
    name: Option<StrId>,
    pub pc: i32,
    pub line: i32,
    /// Number of active variables there.
    pub active: u32,
    /// Whether a goto leaves the scope of an upvalue.
    closes: bool,
}

impl<M: Memory> CodeGen<M> {
    // Variables

    /// Declares a variable, which is not active yet. Returns its number in the
    /// function.
    pub(crate) fn declare(&mut self, name: StrId) -> Res<u32> {
        let number = (self.variables.len() - self.fs.first_variable) as u32;
        self.check_limit(self.depth(), number + 1, MAX_VARIABLES, Counted::LocalVariables)?;
        self.variables.try_push(Variable {
            name,
            kind: VariableKind::Regular,
            register: 0,
            assigned: false,
            captured: None,
            debug_index: 0,
            value: Constant::Nil,
        })?;
        Ok(number)
    }

    /// Declares a variable of the compiler.
    pub(crate) fn declare_hidden(&mut self, name: &str) -> Res<u32> {
        let name = self.strings.intern(name.as_bytes())?;
        self.declare(name)
    }

    /// A variable of the current function, by its number.
    #[inline]
    pub(crate) fn variable(&mut self, number: u32) -> &mut Variable {
        &mut self.variables[self.fs.first_variable + number as usize]
    }

    /// The register after those of the first `count` variables of the current function.
    #[inline]
    pub(crate) fn register_level(&self, count: u32) -> u32 {
        let first = self.fs.first_variable;
        self.variables[first..first + count as usize]
            .iter()
            .rev()
            .find(|variable| variable.kind != VariableKind::CompileTime)
            .map_or(0, |variable| u32::from(variable.register) + 1)
    }

    /// The first register above those of the active variables.
    #[inline]
    pub(crate) fn first_free_above_variables(&self) -> u32 {
        self.register_level(self.fs.active)
    }

    /// Starts the scope of the first `count` variables that are not active yet.
    pub(crate) fn activate(&mut self, count: u32) -> Res<()> {
        let first = self.first_free_above_variables();
        for register in first..first + count {
            let number = self.fs.active;
            self.fs.active += 1;
            let name = self.variable(number).name;
            let debug_index = self.add_debug_variable(name)?;
            let variable = self.variable(number);
            variable.register = register as u8;
            variable.debug_index = debug_index;
        }
        Ok(())
    }

    fn add_debug_variable(&mut self, name: StrId) -> Res<u16> {
        let start_pc = self.fs.pc() as u32;
        let list = &mut self.fs.proto.loc_vars;
        let index = list.len();
        if index >= MAX_LIST {
            return Err(Failure::TooMany { what: Counted::LocalVariables, limit: MAX_LIST as u32 });
        }
        list.try_push(LocVar { name: Some(name), start_pc, end_pc: 0 })?;
        Ok(index as u16)
    }

    /// Makes the scope of an active variable start here.
    pub(crate) fn restart_scope(&mut self, number: u32) {
        let pc = self.fs.pc() as u32;
        let index = usize::from(self.variable(number).debug_index);
        if let Some(entry) = self.fs.proto.loc_vars.get_mut(index) {
            entry.start_pc = pc;
        }
    }

    /// Ends the scope of the variables from number `level` on. Their entries
    /// stay readable until they are dropped.
    fn deactivate(&mut self, level: u32) {
        let end_pc = self.fs.pc() as u32;
        while self.fs.active > level {
            self.fs.active -= 1;
            let variable = *self.variable(self.fs.active);
            if variable.kind != VariableKind::CompileTime
                && let Some(entry) = self.fs.proto.loc_vars.get_mut(usize::from(variable.debug_index))
            {
                entry.end_pc = end_pc;
            }
        }
    }

    /// Looks for an active variable in the function at `depth`.
    #[inline]
    fn find_variable(&self, depth: usize, name: StrId) -> Option<ExprKind> {
        let fs = self.function(depth);
        let first = fs.first_variable;
        let active = &self.variables[first..first + fs.active as usize];
        let number = active.iter().rposition(|variable| variable.name == name)?;
        let variable = &active[number];
        Some(if variable.kind == VariableKind::CompileTime {
            ExprKind::ConstVariable((first + number) as u32)
        } else {
            ExprKind::Local { register: variable.register, variable: number as u32 }
        })
    }

    /// Finds the variable that a name means in the current function; upvalues
    /// are created as needed. Returns false for a global name.
    pub(crate) fn resolve(&mut self, name: StrId, e: &mut Expr) -> Res<bool> {
        let mut depth = self.depth();
        let mut found = loop {
            if let Some(found) = self.find_variable(depth, name) {
                if depth < self.depth()
                    && let ExprKind::Local { variable, .. } = found
                {
                    self.mark_upvalue(depth, variable);
                }
                break found;
            }
            let upvalues = &self.function(depth).proto.upvalues;
            if let Some(index) = upvalues.iter().position(|upvalue| upvalue.name == Some(name)) {
                break ExprKind::Upvalue(index as u8);
            }
            if depth == 0 {
                return Ok(false);
            }
            depth -= 1;
        };
        while depth < self.depth() {
            let upvalue = match found {
                ExprKind::Local { register, variable } => {
                    let at = self.function(depth).first_variable + variable as usize;
                    let kind = self.variables[at].kind as u8;
                    let variable = Captured::Number(self.capture(at)?);
                    UpvalDesc { name: Some(name), in_stack: true, index: register, kind, variable }
                }
                ExprKind::Upvalue(index) => {
                    let UpvalDesc { kind, variable, .. } =
                        self.function(depth).proto.upvalues[usize::from(index)];
                    UpvalDesc { name: Some(name), in_stack: false, index, kind, variable }
                }
                // Compile-time constants need no upvalues.
                _ => break,
            };
            depth += 1;
            found = ExprKind::Upvalue(self.add_upvalue(depth, upvalue)?);
        }
        *e = Expr::new(found);
        Ok(true)
    }

    /// The number of a captured variable.
    fn capture(&mut self, at: usize) -> Res<u32> {
        let variable = self.variables[at];
        if let Some(number) = variable.captured {
            return Ok(number);
        }
        let number = self.assigned.len() as u32;
        self.assigned.try_push(variable.assigned)?;
        self.variables[at].captured = Some(number);
        Ok(number)
    }

    /// Notes an assignment of a variable or upvalue.
    fn note_assigned(&mut self, e: &Expr) {
        let number = match e.kind {
            ExprKind::Local { variable, .. } => {
                let variable = self.variable(variable);
                variable.assigned = true;
                variable.captured
            }
            ExprKind::Upvalue(index) => match self.fs.proto.upvalues[usize::from(index)].variable {
                Captured::Number(number) => Some(number),
                _ => None,
            },
            _ => None,
        };
        if let Some(number) = number {
            self.assigned[number as usize] = true;
        }
    }

    /// Marks the block of a variable that an inner function uses.
    fn mark_upvalue(&mut self, depth: usize, variable: u32) {
        let blocks_end =
            if depth < self.depth() { self.function(depth + 1).first_block } else { self.blocks.len() };
        let of_function = self.function(depth).first_block..blocks_end;
        if let Some(block) = self.blocks[of_function].iter_mut().rev().find(|block| block.active <= variable)
        {
            block.has_upvalue = true;
        }
        self.function_mut(depth).needs_close = true;
    }

    /// Marks the current block as having a variable to be closed.
    pub(crate) fn mark_to_be_closed(&mut self) {
        if let Some(block) = self.blocks.last_mut() {
            block.has_upvalue = true;
            block.inside_tbc = true;
        }
        self.fs.needs_close = true;
    }

    /// Fails if the variable that `e` describes may not be assigned to, which it is about to be.
    pub(crate) fn check_assignable(&mut self, e: &Expr) -> Res<()> {
        let (name, kind) = match e.kind {
            ExprKind::ConstVariable(index) => {
                (Some(self.variables[index as usize].name), VariableKind::CompileTime as u8)
            }
            ExprKind::Local { variable, .. } => {
                let variable = self.variable(variable);
                (Some(variable.name), variable.kind as u8)
            }
            ExprKind::Upvalue(index) => {
                let upvalue = self.fs.proto.upvalues[usize::from(index)];
                (upvalue.name, upvalue.kind)
            }
            _ => return Ok(()),
        };
        match name {
            Some(name) if kind != VariableKind::Regular as u8 => Err(Failure::AssignToConst(name)),
            _ => {
                self.note_assigned(e);
                Ok(())
            }
        }
    }

    // Blocks

    /// Starts a block.
    pub(crate) fn enter_block(&mut self, is_loop: bool) -> Res<()> {
        let is_outermost = self.blocks.len() == self.fs.first_block;
        let inside_tbc = !is_outermost && self.blocks.last().is_some_and(|block| block.inside_tbc);
        self.blocks.try_push(Block {
            first_label: self.labels.len(),
            first_goto: self.gotos.len(),
            active: self.fs.active,
            has_upvalue: false,
            is_loop,
            inside_tbc,
        })?;
        Ok(())
    }

    /// Ends the current block: its variables die, `break`s of a loop arrive
    /// here, and gotos that are still pending move to the block around.
    /// Returns the block as it was.
    pub(crate) fn leave_block(&mut self) -> Res<Option<Block>> {
        let Some(&block) = self.blocks.last() else {
            return Ok(None);
        };
        let is_outermost = self.blocks.len() - 1 == self.fs.first_block;
        let level = self.register_level(block.active);
        let dead = (self.fs.active - block.active) as usize;
        self.deactivate(block.active);
        let mut closed = false;
        if block.is_loop {
            closed = self.create_label(None, 0, false)?;
        }
        if !closed && !is_outermost && block.has_upvalue {
            self.emit_abc(OpCode::Close, level, 0, 0)?;
        }
        self.fs.free_reg = level;
        self.labels.truncate(block.first_label);
        self.blocks.pop();
        if !is_outermost {
            self.move_gotos_out(&block);
        } else if let Some(goto) = self.gotos.get(block.first_goto) {
            return Err(match goto.name {
                None => Failure::BreakOutsideLoop { line: goto.line },
                Some(label) => Failure::NoVisibleLabel { label, line: goto.line },
            });
        }
        self.variables.truncate(self.variables.len() - dead);
        Ok(Some(block))
    }

    /// The innermost block of the current function.
    pub(crate) fn inside_tbc(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.inside_tbc)
    }

    /// Gives the pending gotos of a block, which has just ended, to the one around.
    fn move_gotos_out(&mut self, block: &Block) {
        let outer_level = self.register_level(block.active);
        for i in block.first_goto..self.gotos.len() {
            let leaves_variables = self.register_level(self.gotos[i].active) > outer_level;
            let goto = &mut self.gotos[i];
            goto.closes |= leaves_variables && block.has_upvalue;
            goto.active = block.active;
        }
    }

    // Gotos and labels

    /// Adds a pending goto, or a `break` without a name, for the jump at `pc`.
    pub(crate) fn add_goto(&mut self, name: Option<StrId>, line: i32, pc: i32) -> Res<()> {
        let active = self.fs.active;
        add_label(&mut self.gotos, Label { name, pc, line, active, closes: false })
    }

    /// The visible label with that name.
    pub(crate) fn find_label(&self, name: StrId) -> Option<Label> {
        let of_function = self.labels.get(self.fs.first_label..)?;
        of_function.iter().find(|label| label.name == Some(name)).copied()
    }

    /// Creates a label here (without a name: the end of a loop) and solves the
    /// gotos of the current block that wait for it. `is_last` tells that only
    /// void statements follow in the block, whose variables then count as dead.
    /// Returns whether a CLOSE was emitted.
    pub(crate) fn create_label(&mut self, name: Option<StrId>, line: i32, is_last: bool) -> Res<bool> {
        let pc = self.label();
        let block = self.blocks.last().copied();
        let active = match block {
            Some(block) if is_last => block.active,
            _ => self.fs.active,
        };
        let label = Label { name, pc, line, active, closes: false };
        add_label(&mut self.labels, label)?;
        let first_goto = block.map_or(0, |block| block.first_goto);
        let closes = self.solve_gotos(first_goto, &label)?;
        if closes {
            let level = self.first_free_above_variables();
            self.emit_abc(OpCode::Close, level, 0, 0)?;
        }
        Ok(closes)
    }

    /// Patches and removes the gotos from `first` on that wait for `label`.
    /// Returns whether one of them needs a CLOSE there.
    fn solve_gotos(&mut self, first: usize, label: &Label) -> Res<bool> {
        let mut closes = false;
        let mut kept = first;
        for i in first..self.gotos.len() {
            let goto = self.gotos[i];
            if goto.name != label.name {
                self.gotos[kept] = goto;
                kept += 1;
                continue;
            }
            closes |= goto.closes;
            if goto.active < label.active
                && let Some(label) = goto.name
            {
                let variable = self.variable(goto.active).name;
                return Err(Failure::JumpIntoScope { label, line: goto.line, variable });
            }
            self.patch_list(goto.pc, label.pc)?;
        }
        self.gotos.truncate(kept);
        Ok(closes)
    }
}

fn add_label<B: Buffer<Label>>(list: &mut B, label: Label) -> Res<()> {
    if list.len() >= MAX_LIST {
        return Err(Failure::TooMany { what: Counted::Labels, limit: MAX_LIST as u32 });
    }
    list.try_push(label)?;
    Ok(())
}
