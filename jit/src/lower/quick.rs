//! What helpers do without a call record, see [`Op::Quick`](crate::hir::Op::Quick).

use super::{Lower, memory};
use crate::exit::Reason;
use crate::helpers::{DECLINED, Name};
use crate::hir::{Native, StateId, Ty, ValueId, Way};
use crate::metamethods::{HANDLER, STORED};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

impl Lower<'_, '_> {
    pub(super) fn quick(&mut self, v: ValueId, way: Way, a: u8, args: &[ValueId], s: StateId) {
        if let Some(found) = self.found {
            return self.quick_or_handler(v, way, args, s, found);
        }
        let base = self.b.use_var(self.base);
        let pc = self.code_at(self.cx.unit.states[s.0 as usize].pc);
        let mut given = vec![self.state];
        let name = match way {
            Way::Close => return self.close(a, s),
            Way::NewTable => {
                given.extend([base, pc]);
                Name::NewTable
            }
            Way::Get => {
                given.extend(self.read_arguments(args));
                Name::Get
            }
            Way::Put => {
                given.extend(self.write_arguments(args));
                Name::Put
            }
            Way::Field => {
                given.extend([base, pc]);
                given.extend(self.boxed(args[0]));
                Name::Field
            }
            Way::PutField => {
                given.extend([base, pc, self.val(args[0])]);
                given.extend(self.boxed(args[1]));
                Name::PutField
            }
            Way::Length => return self.length_of(v, args[0], s),
            Way::Iterate(results) => {
                for (n, &value) in args.iter().enumerate() {
                    self.store_slot(a + n as u8, value);
                }
                let at = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a)));
                let results = self.iconst(i64::from(results));
                given.extend([at, results]);
                Name::Iterate
            }
        };
        let call = self.b.ins().call(self.cx.helpers[name as usize], &given);
        let results = self.b.inst_results(call).to_vec();
        match way {
            Way::Get | Way::Field => self.quick_value(v, results[0], results[1], s),
            _ => {
                let bad = self.b.ins().icmp_imm_s(IntCC::Equal, results[0], 0);
                match way {
                    Way::Put | Way::PutField => self.leave_if(bad, Reason::Shape, s),
                    _ => self.exit_if(bad, Reason::Shape, s),
                }
                if way == Way::NewTable {
                    self.set(v, results[0]);
                }
            }
        }
    }

    /// [`Way::Get`] and [`Way::Put`] where a metamethod may answer: then goes to `found`.
    fn quick_or_handler(&mut self, v: ValueId, way: Way, args: &[ValueId], s: StateId, found: Block) {
        let slot = self.handler_slot();
        let mut given = vec![self.state, slot];
        let next = self.b.create_block();
        if way == Way::Put {
            given.extend(self.write_arguments(args));
            let call = self.b.ins().call(self.cx.helpers[Name::Write as usize], &given);
            let result = self.b.inst_results(call)[0];
            let handler = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, result, STORED);
            self.b.ins().brif(handler, found, &[BlockArg::Value(result)], next, &[]);
            self.b.switch_to_block(next);
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, result, 0);
            return self.leave_if(bad, Reason::Shape, s);
        }
        given.extend(self.read_arguments(args));
        let call = self.b.ins().call(self.cx.helpers[Name::Read as usize], &given);
        let results = self.b.inst_results(call).to_vec();
        let handler = self.b.ins().icmp_imm_s(IntCC::Equal, results[1], HANDLER as i64);
        self.b.ins().brif(handler, found, &[BlockArg::Value(results[0])], next, &[]);
        self.b.switch_to_block(next);
        self.quick_value(v, results[0], results[1], s);
    }

    /// Whether a tag is a string's.
    pub(super) fn is_string(&mut self, t: Value) -> Value {
        let kind = self.b.ins().band_imm_s(t, 0x0F);
        self.b.ins().icmp_imm_s(IntCC::Equal, kind, i64::from(tag::type_of(tag::SHORT_STRING)))
    }

    /// The length of what is a string, or else by a helper.
    fn length_of(&mut self, v: ValueId, object: ValueId, s: StateId) {
        let join = self.join_block(Ty::Int);
        if matches!(self.cx.unit.ty(object), Ty::Str | Ty::Any) {
            let (strings, others) = (self.b.create_block(), self.b.create_block());
            let t = self.tag_of(object);
            let is = self.is_string(t);
            self.b.ins().brif(is, strings, &[], others, &[]);
            self.b.switch_to_block(strings);
            let at = self.val(object);
            let n = self.b.ins().load(types::I64, memory(), at, layout::STRING_LEN);
            self.b.ins().jump(join, &[BlockArg::Value(n)]);
            self.b.switch_to_block(others);
        }
        let mut given = vec![self.state];
        given.extend(self.boxed(object));
        if let Some(n) = self.helper(Name::LengthOf, &given) {
            let bad = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, n, 0);
            self.exit_if(bad, Reason::Shape, s);
            self.b.ins().jump(join, &[BlockArg::Value(n)]);
        }
        self.go_on_in(v, join);
    }

    /// A library function whose result is a string of one byte, most of which are at hand: the block that such a
    /// string is passed to. Goes on where it is another one, or not yet there.
    pub(super) fn one_byte(&mut self, native: Native, args: &[ValueId]) -> Option<Block> {
        let unit = self.cx.unit;
        let integer = |v: ValueId| matches!(unit.ty(v), Ty::Int | Ty::Any);
        let same = |lower: &Self, x, y| {
            x == y || lower.const_int(x).is_some() && lower.const_int(x) == lower.const_int(y)
        };
        let (string, number) = match (native, args) {
            (Native::Char, &[byte]) if integer(byte) => (None, byte),
            (Native::Part, &[string, first, last])
                if integer(first)
                    && matches!(unit.ty(string), Ty::Str | Ty::Any)
                    && same(self, first, last) =>
            {
                (Some(string), first)
            }
            _ => return None,
        };
        let (slow, done) = (self.b.create_block(), self.join_block(Ty::Any));
        let t = self.tag_of(number);
        let other = self.b.ins().icmp_imm_s(IntCC::NotEqual, t, i64::from(tag::INTEGER));
        self.unless(other, slow);
        let mut byte = self.val(number);
        if let Some(string) = string {
            let t = self.tag_of(string);
            let is = self.is_string(t);
            let other = self.b.ins().icmp_imm_s(IntCC::Equal, is, 0);
            self.unless(other, slow);
            let at = self.val(string);
            let place = self.b.ins().iadd_imm_s(byte, -1);
            let len = self.b.ins().load(types::I64, memory(), at, layout::STRING_LEN);
            let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, place, len);
            self.unless(outside, slow);
            let from = self.b.ins().iadd(at, place);
            byte = self.b.ins().uload8(types::I64, memory(), from, layout::STRING_DATA);
        }
        let singles = self.iconst(self.cx.order.singles as i64);
        let len = self.b.ins().load(types::I64, memory(), singles, layout::SINGLES_LEN);
        let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, byte, len);
        self.unless(outside, slow);
        let first = self.b.ins().load(types::I64, memory(), singles, layout::SINGLES);
        let scaled = self.b.ins().ishl_imm_s(byte, 3);
        let place = self.b.ins().iadd(first, scaled);
        let found = self.b.ins().load(types::I64, memory(), place, 0);
        let none = self.b.ins().icmp_imm_s(IntCC::Equal, found, 0);
        self.unless(none, slow);
        let t = self.b.ins().iconst(types::I32, i64::from(tag::SHORT_STRING));
        self.b.ins().jump(done, &[found, t].map(BlockArg::Value));
        self.b.switch_to_block(slow);
        Some(done)
    }

    /// Goes to a block if something is true.
    pub(super) fn unless(&mut self, bad: Value, slow: Block) {
        let next = self.b.create_block();
        self.b.ins().brif(bad, slow, &[], next, &[]);
        self.b.switch_to_block(next);
    }

    /// See [`Op::ByteAt`](crate::hir::Op::ByteAt).
    pub(super) fn byte_at(&mut self, v: ValueId, ty: Ty, string: ValueId, index: ValueId, s: StateId) {
        let at = self.val(string);
        let index = self.val(index);
        let len = self.b.ins().load(types::I64, memory(), at, layout::STRING_LEN);
        // From the end if negative; what is out of range either way is a large number then.
        let negative = self.b.ins().sshr_imm_u(index, 63);
        let beyond = self.b.ins().iadd_imm_s(len, 1);
        let moved = self.b.ins().band(negative, beyond);
        let place = self.b.ins().iadd(index, moved);
        let place = self.b.ins().iadd_imm_s(place, -1);
        let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, place, len);
        if ty == Ty::Int {
            self.exit_if(outside, Reason::Array, s);
            let from = self.b.ins().iadd(at, place);
            let byte = self.b.ins().uload8(types::I64, memory(), from, layout::STRING_DATA);
            return self.set(v, byte);
        }
        let inside = self.b.create_block();
        let join = self.join_block(Ty::Any);
        let nothing = self.iconst(0);
        let nil = self.b.ins().iconst(types::I32, i64::from(tag::NIL));
        self.b.ins().brif(outside, join, &[nothing, nil].map(BlockArg::Value), inside, &[]);
        self.b.switch_to_block(inside);
        let from = self.b.ins().iadd(at, place);
        let byte = self.b.ins().uload8(types::I64, memory(), from, layout::STRING_DATA);
        let integer = self.b.ins().iconst(types::I32, i64::from(tag::INTEGER));
        self.b.ins().jump(join, &[byte, integer].map(BlockArg::Value));
        self.go_on_in(v, join);
    }

    /// What helpers take of a read: the object and the key.
    fn read_arguments(&mut self, args: &[ValueId]) -> [Value; 4] {
        let ([object, tag], [key, key_tag]) = (self.boxed(args[0]), self.boxed(args[1]));
        [object, tag, key, key_tag]
    }

    /// What helpers take of a store: the table, the key and the value.
    fn write_arguments(&mut self, args: &[ValueId]) -> [Value; 5] {
        let table = self.val(args[0]);
        let ([key, key_tag], [value, tag]) = (self.boxed(args[1]), self.boxed(args[2]));
        [table, key, key_tag, value, tag]
    }

    /// Payload and tag of a value, as helpers take them.
    pub(super) fn boxed(&mut self, v: ValueId) -> [Value; 2] {
        let (value, tag) = (self.payload(v), self.tag_of(v));
        [value, self.b.ins().uextend(types::I64, tag)]
    }

    /// The value that a helper has returned, unless it declined.
    pub(super) fn quick_value(&mut self, v: ValueId, value: Value, wide: Value, s: StateId) {
        let tag = self.b.ins().ireduce(types::I32, wide);
        let declined = self.b.ins().icmp_imm_s(IntCC::Equal, tag, DECLINED as i64);
        self.exit_if(declined, Reason::Shape, s);
        let ty = self.cx.unit.ty(v);
        self.unbox(v, ty, value, tag, Reason::Element, s);
    }

    /// The element of a table at an integer that its array part does not have.
    pub(super) fn get_elsewhere(&mut self, v: ValueId, table: ValueId, index: ValueId, s: StateId) {
        let mut given = vec![self.state];
        given.extend(self.read_arguments(&[table, index]));
        let call = self.b.ins().call(self.cx.helpers[Name::Get as usize], &given);
        let results = self.b.inst_results(call).to_vec();
        self.quick_value(v, results[0], results[1], s);
    }

    /// Stores into a table at an integer that its array part does not have: most often it grows.
    /// Goes on in `done`, or in `slow`.
    pub(super) fn put_elsewhere(&mut self, args: [ValueId; 3], done: Block, slow: Block) {
        let mut given = vec![self.state];
        given.extend(self.write_arguments(&args));
        if let Some(ok) = self.helper(Name::Put, &given) {
            self.b.ins().brif(ok, done, &[], slow, &[]);
        }
    }

    /// Closes the upvalues of registers from `a` on; fails where there are variables to be closed.
    fn close(&mut self, a: u8, s: StateId) {
        let base = self.b.use_var(self.base);
        let level = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a)));
        let last = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_TBCLIST);
        let bad = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, last, level);
        self.exit_if(bad, Reason::Return, s);
        let (look, close, done) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let open = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_OPEN_UPVAL);
        self.b.ins().brif(open, look, &[], done, &[]);
        self.b.switch_to_block(look);
        let at = self.b.ins().load(types::I64, memory(), open, layout::UPVAL_V);
        let above = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, at, level);
        self.b.ins().brif(above, close, &[], done, &[]);
        self.b.switch_to_block(close);
        self.helper(Name::Close, &[self.state, level]);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
        self.known.clear();
    }
}
