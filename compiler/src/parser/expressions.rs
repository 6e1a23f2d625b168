//! Expressions, table constructors and calls.

use crate::arith::ArithOp;
use crate::bytecode::OpCode;
use crate::bytecode::instruction::MAX_C;
use crate::codegen::{BinaryOp, Comparison, Expr, ExprKind, MULTIPLE, UnaryOp};
use crate::error::{Counted, Failure, Res};
use crate::memory::Memory;
use crate::token::Kind;

use super::Parser;

/// Binds tighter than all binary operators but `^`.
const UNARY_PRIORITY: u8 = 12;
/// List items that wait in registers before they are stored in the table.
const ITEMS_PER_FLUSH: i32 = 50;

/// The unary operator that a token is.
#[inline]
fn unary_op(kind: Kind) -> Option<UnaryOp> {
    match kind {
        Kind::Not => Some(UnaryOp::Not),
        Kind::Byte(b'-') => Some(UnaryOp::Minus),
        Kind::Byte(b'~') => Some(UnaryOp::BNot),
        Kind::Byte(b'#') => Some(UnaryOp::Len),
        _ => None,
    }
}

/// The binary operator that a token is, with its priorities to the left and to
/// the right; the left one is higher for right-associative operators.
#[inline]
fn binary_op(kind: Kind) -> Option<(BinaryOp, u8, u8)> {
    use BinaryOp::{Arith, Compare};
    Some(match kind {
        Kind::Byte(b'+') => (Arith(ArithOp::Add), 10, 10),
        Kind::Byte(b'-') => (Arith(ArithOp::Sub), 10, 10),
        Kind::Byte(b'*') => (Arith(ArithOp::Mul), 11, 11),
        Kind::Byte(b'%') => (Arith(ArithOp::Mod), 11, 11),
        Kind::Byte(b'^') => (Arith(ArithOp::Pow), 14, 13),
        Kind::Byte(b'/') => (Arith(ArithOp::Div), 11, 11),
        Kind::IDiv => (Arith(ArithOp::IDiv), 11, 11),
        Kind::Byte(b'&') => (Arith(ArithOp::BAnd), 6, 6),
        Kind::Byte(b'|') => (Arith(ArithOp::BOr), 4, 4),
        Kind::Byte(b'~') => (Arith(ArithOp::BXor), 5, 5),
        Kind::Shl => (Arith(ArithOp::Shl), 7, 7),
        Kind::Shr => (Arith(ArithOp::Shr), 7, 7),
        Kind::Concat => (BinaryOp::Concat, 9, 8),
        Kind::Eq => (Compare(Comparison::Eq), 3, 3),
        Kind::Ne => (Compare(Comparison::Ne), 3, 3),
        Kind::Byte(b'<') => (Compare(Comparison::Lt), 3, 3),
        Kind::Le => (Compare(Comparison::Le), 3, 3),
        Kind::Byte(b'>') => (Compare(Comparison::Gt), 3, 3),
        Kind::Ge => (Compare(Comparison::Ge), 3, 3),
        Kind::And => (BinaryOp::And, 2, 2),
        Kind::Or => (BinaryOp::Or, 1, 1),
        _ => return None,
    })
}

/// A table constructor being read.
struct Constructor {
    /// Register of the table.
    table: u32,
    /// The last list item, which is not in a register yet.
    item: Expr,
    /// List items stored already.
    stored: u32,
    /// List items that wait, `item` included.
    to_store: i32,
    /// Items with keys.
    keyed: u32,
}

impl<M: Memory> Parser<'_, M> {
    /// Reads an expression into `e`.
    #[inline]
    pub(super) fn expression(&mut self, e: &mut Expr) -> Res<()> {
        self.sub_expression(e, 0)
    }

    /// Reads operands and operators of a higher priority than `limit`.
    fn sub_expression(&mut self, e: &mut Expr, limit: u8) -> Res<()> {
        self.enter_level()?;
        if let Some(op) = unary_op(self.token.kind) {
            let line = self.lexer.line;
            self.advance()?;
            self.sub_expression(e, UNARY_PRIORITY)?;
            self.code.prefix(op, e, line)?;
        } else {
            self.simple_expression(e)?;
        }
        while let Some((op, left, right)) = binary_op(self.token.kind)
            && left > limit
        {
            let line = self.lexer.line;
            self.advance()?;
            self.code.infix(op, e)?;
            let mut second = Expr::void();
            self.sub_expression(&mut second, right)?;
            self.code.postfix(op, e, &mut second, line)?;
        }
        self.leave_levels(1);
        Ok(())
    }

    /// Reads an expression and puts its value in the next register.
    pub(super) fn expression_to_next_register(&mut self) -> Res<()> {
        let mut e = Expr::void();
        self.expression(&mut e)?;
        self.code.put_in_next_register(&mut e)?;
        Ok(())
    }

    /// Reads a list of expressions. All but the last get registers; `last`
    /// becomes the last. Returns the number of all.
    pub(super) fn expression_list(&mut self, last: &mut Expr) -> Res<u32> {
        let mut count = 1;
        self.expression(last)?;
        while self.accept(Kind::Byte(b','))? {
            self.code.put_in_next_register(last)?;
            self.expression(last)?;
            count += 1;
        }
        Ok(count)
    }

    /// Reads an operand.
    #[inline(never)]
    fn simple_expression(&mut self, e: &mut Expr) -> Res<()> {
        let kind = match self.token.kind {
            Kind::Number => self.token.number.into(),
            Kind::Str => ExprKind::Str(self.token.string),
            Kind::Nil => ExprKind::Nil,
            Kind::True => ExprKind::True,
            Kind::False => ExprKind::False,
            Kind::Dots => {
                if !self.code.fs.proto.is_vararg {
                    return Err(Failure::Syntax(&"cannot use '...' outside a vararg function"));
                }
                ExprKind::VarArg(self.code.emit_abc(OpCode::VarArg, 0, 0, 1)?)
            }
            Kind::Byte(b'{') => return self.constructor(e),
            Kind::Function => {
                self.advance()?;
                return self.function_body(e, false, self.lexer.line);
            }
            _ => return self.suffixed_expression(e),
        };
        *e = Expr::new(kind);
        self.advance()
    }

    /// Reads a name or an expression in parentheses.
    #[inline]
    fn primary_expression(&mut self, e: &mut Expr) -> Res<()> {
        match self.token.kind {
            Kind::Name => self.variable(e),
            Kind::Byte(b'(') => {
                let line = self.lexer.line;
                self.advance()?;
                self.expression(e)?;
                self.expect_match(Kind::Byte(b')'), Kind::Byte(b'('), line)?;
                self.code.discharge_variable(e)
            }
            _ => Err(Failure::Syntax(&"unexpected symbol")),
        }
    }

    /// Reads a name and finds what it means: a local variable, an upvalue, or a
    /// field of `_ENV`.
    #[inline(never)]
    pub(super) fn variable(&mut self, e: &mut Expr) -> Res<()> {
        let name = self.expect_name()?;
        if self.code.resolve(name, e)? {
            return Ok(());
        }
        // The main function has `_ENV` as its upvalue, so it is always found.
        self.code.resolve(self.code.env, e)?;
        self.code.put_in_register_or_upvalue(e)?;
        self.code.index(e, &mut Expr::new(ExprKind::Str(name)))
    }

    /// Reads an operand with its fields, indices, methods and calls.
    #[inline(never)]
    pub(super) fn suffixed_expression(&mut self, e: &mut Expr) -> Res<()> {
        self.primary_expression(e)?;
        loop {
            match self.token.kind {
                Kind::Byte(b'.') => self.field_selector(e)?,
                Kind::Byte(b'[') => {
                    self.code.put_in_register_or_upvalue(e)?;
                    let mut key = Expr::void();
                    self.index_key(&mut key)?;
                    self.code.index(e, &mut key)?;
                }
                Kind::Byte(b':') => {
                    self.advance()?;
                    let mut key = Expr::new(ExprKind::Str(self.expect_name()?));
                    let base = self.code.method(e, &mut key)?;
                    self.call(e, base)?;
                }
                Kind::Byte(b'(' | b'{') | Kind::Str => {
                    let base = self.code.put_in_next_register(e)?;
                    self.call(e, base)?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// Reads `.NAME` or `:NAME`.
    #[inline(never)]
    pub(super) fn field_selector(&mut self, e: &mut Expr) -> Res<()> {
        self.code.put_in_register_or_upvalue(e)?;
        self.advance()?;
        let name = self.expect_name()?;
        self.code.index(e, &mut Expr::new(ExprKind::Str(name)))
    }

    /// Reads `[KEY]`.
    fn index_key(&mut self, key: &mut Expr) -> Res<()> {
        self.advance()?;
        self.expression(key)?;
        self.code.make_value(key)?;
        self.expect_byte(b']')
    }

    /// Reads the arguments of a call whose function is in `base`; `e` becomes
    /// the call.
    #[inline(never)]
    fn call(&mut self, e: &mut Expr, base: u32) -> Res<()> {
        let line = self.lexer.line;
        let mut last = Expr::void();
        match self.token.kind {
            Kind::Byte(b'(') => {
                self.advance()?;
                if !self.at_byte(b')') {
                    self.expression_list(&mut last)?;
                    if last.is_multiple() {
                        self.code.set_multiple_returns(&last)?;
                    }
                }
                self.expect_match(Kind::Byte(b')'), Kind::Byte(b'('), line)?;
            }
            Kind::Byte(b'{') => self.constructor(&mut last)?,
            Kind::Str => {
                last.kind = ExprKind::Str(self.token.string);
                self.advance()?;
            }
            _ => return Err(Failure::Syntax(&"function arguments expected")),
        }
        let arguments_plus_one = if last.is_multiple() {
            0
        } else {
            if !matches!(last.kind, ExprKind::Void) {
                self.code.put_in_next_register(&mut last)?;
            }
            self.code.fs.free_reg - base
        };
        let pc = self.code.emit_abc(OpCode::Call, base, arguments_plus_one, 2)?;
        *e = Expr::new(ExprKind::Call(pc));
        self.code.fix_line(line)?;
        // The function and its arguments give way to one result, unless more
        // are wanted later.
        self.code.fs.free_reg = base + 1;
        Ok(())
    }

    /// Reads a table constructor.
    #[inline(never)]
    fn constructor(&mut self, e: &mut Expr) -> Res<()> {
        let line = self.lexer.line;
        let pc = self.code.emit_new_table()?;
        let table = self.code.fs.free_reg;
        *e = Expr::new(ExprKind::Register(table));
        self.code.reserve(1)?;
        let mut fields = Constructor { table, item: Expr::void(), stored: 0, to_store: 0, keyed: 0 };
        self.expect_byte(b'{')?;
        while !self.at_byte(b'}') {
            self.flush_item(&mut fields)?;
            let has_key = match self.token.kind {
                Kind::Byte(b'[') => true,
                Kind::Name => self.look_ahead()? == Kind::Byte(b'='),
                _ => false,
            };
            if has_key {
                self.keyed_field(&mut fields)?;
            } else {
                self.expression(&mut fields.item)?;
                fields.to_store += 1;
            }
            if !(self.accept(Kind::Byte(b','))? || self.accept(Kind::Byte(b';'))?) {
                break;
            }
        }
        self.expect_match(Kind::Byte(b'}'), Kind::Byte(b'{'), line)?;
        self.flush_last_item(&mut fields)?;
        self.code.set_table_size(pc, table, fields.stored, fields.keyed);
        Ok(())
    }

    /// Reads `NAME = VALUE` or `[KEY] = VALUE`.
    #[inline(never)]
    fn keyed_field(&mut self, fields: &mut Constructor) -> Res<()> {
        let free_reg = self.code.fs.free_reg;
        let mut key = Expr::void();
        if self.at(Kind::Name) {
            key.kind = ExprKind::Str(self.expect_name()?);
        } else {
            self.index_key(&mut key)?;
        }
        let max = i32::MAX as u32;
        self.code.check_limit(self.code.depth(), fields.keyed, max, Counted::ConstructorItems)?;
        fields.keyed += 1;
        self.expect_byte(b'=')?;
        let mut target = Expr::new(ExprKind::Register(fields.table));
        self.code.index(&mut target, &mut key)?;
        let mut value = Expr::void();
        self.expression(&mut value)?;
        self.code.store(&target, &mut value)?;
        self.code.fs.free_reg = free_reg;
        Ok(())
    }

    /// Puts the last list item in a register, before the next field is read.
    #[inline]
    fn flush_item(&mut self, fields: &mut Constructor) -> Res<()> {
        if matches!(fields.item.kind, ExprKind::Void) {
            return Ok(());
        }
        self.code.put_in_next_register(&mut fields.item)?;
        fields.item.kind = ExprKind::Void;
        if fields.to_store == ITEMS_PER_FLUSH {
            self.code.emit_set_list(fields.table, fields.stored, fields.to_store)?;
            fields.stored += ITEMS_PER_FLUSH as u32;
            fields.to_store = 0;
        }
        Ok(())
    }

    /// Stores the list items that still wait; the last may be several values.
    fn flush_last_item(&mut self, fields: &mut Constructor) -> Res<()> {
        if fields.to_store == 0 {
            return Ok(());
        }
        if fields.item.is_multiple() {
            self.code.set_multiple_returns(&fields.item)?;
            self.code.emit_set_list(fields.table, fields.stored, MULTIPLE)?;
            // The number of the last one's values is not known.
            fields.to_store -= 1;
        } else {
            if !matches!(fields.item.kind, ExprKind::Void) {
                self.code.put_in_next_register(&mut fields.item)?;
            }
            self.code.emit_set_list(fields.table, fields.stored, fields.to_store)?;
        }
        fields.stored += fields.to_store as u32;
        Ok(())
    }
}

const _: () = assert!(ITEMS_PER_FLUSH as u32 <= MAX_C);
