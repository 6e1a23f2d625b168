//! The lister: functions as text, in the form of `luac -l` and `luac -l -l`.
//!
//! Invariant: no address is ever printed. A function's name is its path: the
//! main function is `function#0`, its third nested function `function#0.2`; so
//! two runs print the same text.

use super::format::{self, SIGNATURE};
use super::instruction::MAX_C;
use super::view::{ConstantView, ProtoView, line_at};
use super::{ChunkView, Instruction, OpCode, OpMode};
use crate::arith::ArithOp;
use crate::bytecode::Chunk;
use crate::memory::Memory;
use crate::number::{NUMBER_LEN, Number, write_number};
use std::fmt::{self, Write};

/// What a listing shows beside headers and instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Constants, local variables and upvalues after each function (`-l -l`).
    pub full: bool,
    /// A block about the binary format before everything.
    pub header: bool,
    /// Under each instruction its word and its fields.
    pub fields: bool,
}

/// Lists a whole chunk.
pub fn list<M: Memory>(chunk: &Chunk<M>, options: ListOptions, out: &mut dyn Write) -> fmt::Result {
    list_function(&ChunkView::new(chunk), options, out)
}

/// Lists a function, as if it were a main function, and those inside it.
pub fn list_function<P: ProtoView>(proto: &P, options: ListOptions, out: &mut dyn Write) -> fmt::Result {
    if options.header {
        write_format(proto, out)?;
    }
    let path = Path { parent: None, index: 0 };
    Lister { proto, path: &path, options, out }.function()
}

/// The name of a function by the way to it.
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    index: usize,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.parent {
            None => write!(f, "function#{}", self.index),
            Some(parent) => write!(f, "{parent}.{}", self.index),
        }
    }
}

/// A count and its noun, in the right number.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// Bytes of a name: printed as they are where they are text.
struct Name<'a>(&'a [u8]);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for part in self.0.utf8_chunks() {
            f.write_str(part.valid())?;
            for byte in part.invalid() {
                write!(f, "\\{byte:03}")?;
            }
        }
        Ok(())
    }
}

/// A constant as source text.
struct Shown<'a>(ConstantView<'a>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let number = match self.0 {
            ConstantView::Nil => return f.write_str("nil"),
            ConstantView::False => return f.write_str("false"),
            ConstantView::True => return f.write_str("true"),
            ConstantView::Str(text) => return write_quoted(text, f),
            ConstantView::Integer(i) => Number::Int(i),
            ConstantView::Float(x) => Number::Float(x),
        };
        let mut space = [0; NUMBER_LEN];
        let len = write_number(number, &mut space);
        write!(f, "{}", Name(&space[..len]))
    }
}

fn write_quoted(text: &[u8], f: &mut fmt::Formatter) -> fmt::Result {
    f.write_char('"')?;
    for &byte in text {
        match byte {
            b'"' => f.write_str("\\\"")?,
            b'\\' => f.write_str("\\\\")?,
            0x07 => f.write_str("\\a")?,
            0x08 => f.write_str("\\b")?,
            0x0C => f.write_str("\\f")?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            0x0B => f.write_str("\\v")?,
            0x20..0x7F => f.write_char(char::from(byte))?,
            _ => write!(f, "\\{byte:03}")?,
        }
    }
    f.write_char('"')
}

fn write_format<P: ProtoView>(proto: &P, out: &mut dyn Write) -> fmt::Result {
    writeln!(out, "binary chunk:")?;
    write!(out, "\tsignature\t")?;
    for byte in SIGNATURE {
        write!(out, "{byte:02x} ")?;
    }
    let version = format::CHUNK_VERSION;
    writeln!(out, "\n\tversion\t{:#04x} ({}.{})", version, version >> 4, version & 0xF)?;
    writeln!(out, "\tformat\t{}", format::CHUNK_FORMAT)?;
    for (size, name) in format::TYPE_SIZES {
        writeln!(out, "\tsizeof({name})\t{size}")?;
    }
    writeln!(out, "\tinteger\t{:#x}", format::CHUNK_INTEGER)?;
    writeln!(out, "\tfloat\t{}", format::CHUNK_NUMBER)?;
    writeln!(out, "\tupvalues\t{}", proto.upvalues_len())
}

struct Lister<'a, 'o, P: ProtoView> {
    proto: &'a P,
    path: &'a Path<'a>,
    options: ListOptions,
    out: &'o mut dyn Write,
}

impl<P: ProtoView> Lister<'_, '_, P> {
    fn function(&mut self) -> fmt::Result {
        self.head()?;
        for pc in 0..self.proto.code_len() {
            self.line(pc)?;
        }
        if self.options.full {
            self.tables()?;
        }
        for index in 0..self.proto.protos_len() {
            let child = self.proto.proto(index);
            let path = Path { parent: Some(self.path), index };
            Lister { proto: &child, path: &path, options: self.options, out: &mut *self.out }.function()?;
        }
        Ok(())
    }

    fn head(&mut self) -> fmt::Result {
        let proto = self.proto;
        let kind = if proto.line_defined() == 0 { "main" } else { "function" };
        let source = match proto.source() {
            None => b"?",
            Some([b'@' | b'=', name @ ..]) => name,
            Some([first, ..]) if *first == SIGNATURE[0] => b"(bstring)",
            Some(_) => b"(string)",
        };
        let (first, last) = (proto.line_defined(), proto.last_line_defined());
        let size = Counted(proto.code_len(), "instruction");
        writeln!(self.out, "\n{kind} <{}:{first},{last}> ({size} at {})", Name(source), self.path)?;
        let params = usize::from(proto.num_params());
        let plural = if params == 1 { "" } else { "s" };
        let more = if proto.is_vararg() { "+" } else { "" };
        write!(self.out, "{params}{more} param{plural}, ")?;
        write!(self.out, "{}, ", Counted(usize::from(proto.max_stack_size()), "slot"))?;
        write!(self.out, "{}, ", Counted(proto.upvalues_len(), "upvalue"))?;
        write!(self.out, "{}, ", Counted(proto.loc_vars_len(), "local"))?;
        write!(self.out, "{}, ", Counted(proto.constants_len(), "constant"))?;
        writeln!(self.out, "{}", Counted(proto.protos_len(), "function"))
    }

    fn line(&mut self, pc: usize) -> fmt::Result {
        let i = self.proto.instruction(pc);
        write!(self.out, "\t{}\t", pc + 1)?;
        match line_at(self.proto, pc) {
            Some(line) if line > 0 => write!(self.out, "[{line}]\t")?,
            _ => self.out.write_str("[-]\t")?,
        }
        match i.try_op() {
            Some(op) => {
                write!(self.out, "{:<9}\t", op.name())?;
                self.operands(op, i, pc)?;
            }
            None => write!(self.out, "OP_{:<6}\t{}", i.op_byte(), i.get_ax())?,
        }
        self.out.write_char('\n')?;
        if self.options.fields { self.fields(i) } else { Ok(()) }
    }

    fn fields(&mut self, i: Instruction) -> fmt::Result {
        write!(self.out, "\t\tword={:08x} op={}({:#x})", i.0, i.op_byte(), i.op_byte())?;
        let mode = i.try_op().map_or(OpMode::Ax, OpCode::mode);
        // The fields that the format has first, then how the same bits read
        // otherwise.
        let abc = [("A", i.a()), ("B", i.b()), ("C", i.c()), ("k", u32::from(i.k()))];
        let wide = [
            ("Bx", i64::from(i.bx())),
            ("sBx", i64::from(i.sbx())),
            ("Ax", i64::from(i.get_ax())),
            ("sJ", i64::from(i.get_sj())),
        ];
        for (name, value) in abc {
            write!(self.out, " {name}={value}({value:#x})")?;
        }
        for (name, value) in wide {
            let sign = if value < 0 { "-" } else { "" };
            write!(self.out, " {name}={value}({sign}{:#x})", value.unsigned_abs())?;
        }
        writeln!(self.out, " format={mode:?}")
    }

    fn comment(&mut self) -> fmt::Result {
        self.out.write_str("\t; ")
    }

    fn constant(&mut self, index: u32) -> fmt::Result {
        // Listing code that no verifier has seen must not fail.
        if (index as usize) < self.proto.constants_len() {
            write!(self.out, "{}", Shown(self.proto.constant(index as usize)))
        } else {
            self.out.write_char('?')
        }
    }

    fn constant_comment(&mut self, index: u32) -> fmt::Result {
        self.comment()?;
        self.constant(index)
    }

    fn upvalue_name(&mut self, index: u32) -> fmt::Result {
        if (index as usize) < self.proto.upvalues_len() {
            let name = self.proto.upvalue(index as usize).name.unwrap_or(b"-");
            write!(self.out, "{}", Name(name))
        } else {
            self.out.write_char('?')
        }
    }

    fn upvalue_comment(&mut self, index: u32) -> fmt::Result {
        self.comment()?;
        self.upvalue_name(index)
    }

    fn event(&mut self, event: u32) -> fmt::Result {
        let name = u8::try_from(event).ok().and_then(ArithOp::from_event).map_or("?", ArithOp::event_name);
        self.comment()?;
        self.out.write_str(name)
    }

    /// How many values an operand of a call, a return or varargs means.
    fn amount(&mut self, operand: u32, word: &str) -> fmt::Result {
        match operand {
            0 => write!(self.out, "all {word}"),
            n => write!(self.out, "{} {word}", n - 1),
        }
    }

    fn extra_arg(&self, pc: usize) -> u32 {
        if pc + 1 < self.proto.code_len() { self.proto.instruction(pc + 1).get_ax() } else { 0 }
    }

    fn operands(&mut self, op: OpCode, i: Instruction, pc: usize) -> fmt::Result {
        use OpCode::*;
        let (a, b, c, bx, k) = (i.a(), i.b(), i.c(), i.bx(), u32::from(i.k()));
        let constant_mark = if i.k() { "k" } else { "" };
        // Instructions count from 1 in a listing.
        let here = pc as i64 + 1;
        match op {
            Move | Unm | BNot | Not | Len | Concat => write!(self.out, "{a} {b}"),
            LoadI | LoadF => write!(self.out, "{a} {}", i.sbx()),
            LoadK => {
                write!(self.out, "{a} {bx}")?;
                self.constant_comment(bx)
            }
            LoadKX => {
                write!(self.out, "{a}")?;
                self.constant_comment(self.extra_arg(pc))
            }
            LoadFalse | LFalseSkip | LoadTrue | Close | Tbc | Return1 | VarArgPrep => write!(self.out, "{a}"),
            LoadNil => write!(self.out, "{a} {b}\t; {} out", b + 1),
            GetUpval | SetUpval => {
                write!(self.out, "{a} {b}")?;
                self.upvalue_comment(b)
            }
            GetTabUp => {
                write!(self.out, "{a} {b} {c}")?;
                self.upvalue_comment(b)?;
                self.out.write_char(' ')?;
                self.constant(c)
            }
            GetTable | GetI | Add | Sub | Mul | Mod | Pow | Div | IDiv | BAnd | BOr | BXor | Shl | Shr => {
                write!(self.out, "{a} {b} {c}")
            }
            GetField | AddK | SubK | MulK | ModK | PowK | DivK | IDivK | BAndK | BOrK | BXorK => {
                write!(self.out, "{a} {b} {c}")?;
                self.constant_comment(c)
            }
            SetTabUp | SetField => {
                write!(self.out, "{a} {b} {c}{constant_mark}")?;
                if op == SetTabUp {
                    self.upvalue_comment(a)?;
                    self.out.write_char(' ')?;
                } else {
                    self.comment()?;
                }
                self.constant(b)?;
                if i.k() {
                    self.out.write_char(' ')?;
                    self.constant(c)?;
                }
                Ok(())
            }
            SetTable | SetI | SelfOp => {
                write!(self.out, "{a} {b} {c}{constant_mark}")?;
                if i.k() { self.constant_comment(c) } else { Ok(()) }
            }
            NewTable => {
                write!(self.out, "{a} {b} {c}\t; {}", u64::from(c) + self.high(pc))
            }
            AddI | ShrI | ShlI => write!(self.out, "{a} {b} {}", i.sc()),
            MmBin => {
                write!(self.out, "{a} {b} {c}")?;
                self.event(c)
            }
            MmBinI => {
                write!(self.out, "{a} {} {c} {k}", i.sb())?;
                self.event(c)?;
                self.out.write_str(if i.k() { " flip" } else { "" })
            }
            MmBinK => {
                write!(self.out, "{a} {b} {c} {k}")?;
                self.event(c)?;
                self.out.write_char(' ')?;
                self.constant(b)?;
                self.out.write_str(if i.k() { " flip" } else { "" })
            }
            Jmp => {
                let offset = i64::from(i.get_sj());
                write!(self.out, "{offset}\t; to {}", here + offset + 1)
            }
            Eq | Lt | Le | TestSet => write!(self.out, "{a} {b} {k}"),
            EqK => {
                write!(self.out, "{a} {b} {k}")?;
                self.constant_comment(b)
            }
            EqI | LtI | LeI | GtI | GeI => write!(self.out, "{a} {} {k}", i.sb()),
            Test => write!(self.out, "{a} {k}"),
            Call => {
                write!(self.out, "{a} {b} {c}\t; ")?;
                self.amount(b, "in ")?;
                self.amount(c, "out")
            }
            TailCall => {
                // An open call shows as -1 here, unlike everywhere else.
                write!(self.out, "{a} {b} {c}{constant_mark}\t; {} in", i64::from(b) - 1)
            }
            Return => {
                write!(self.out, "{a} {b} {c}{constant_mark}\t; ")?;
                self.amount(b, "out")
            }
            Return0 => Ok(()),
            ForLoop | TForLoop => write!(self.out, "{a} {bx}\t; to {}", here + 1 - i64::from(bx)),
            ForPrep => write!(self.out, "{a} {bx}\t; exit to {}", here + i64::from(bx) + 2),
            TForPrep => write!(self.out, "{a} {bx}\t; to {}", here + i64::from(bx) + 1),
            TForCall => write!(self.out, "{a} {c}"),
            SetList => {
                write!(self.out, "{a} {b} {c}")?;
                if i.k() { write!(self.out, "\t; {}", u64::from(c) + self.high(pc)) } else { Ok(()) }
            }
            Closure => write!(self.out, "{a} {bx}\t; {}.{bx}", self.path),
            VarArg => {
                write!(self.out, "{a} {c}\t; ")?;
                self.amount(c, "out")
            }
            ExtraArg => write!(self.out, "{}", i.get_ax()),
        }
    }

    /// The part of C that the EXTRAARG of instruction `pc` holds.
    fn high(&self, pc: usize) -> u64 {
        u64::from(self.extra_arg(pc)) * u64::from(MAX_C + 1)
    }

    fn tables(&mut self) -> fmt::Result {
        let proto = self.proto;
        writeln!(self.out, "constants ({}) for {}:", proto.constants_len(), self.path)?;
        for index in 0..proto.constants_len() {
            let constant = proto.constant(index);
            let kind = match constant {
                ConstantView::Nil => "N",
                ConstantView::False | ConstantView::True => "B",
                ConstantView::Integer(_) => "I",
                ConstantView::Float(_) => "F",
                ConstantView::Str(_) => "S",
            };
            writeln!(self.out, "\t{index}\t{kind}\t{}", Shown(constant))?;
        }
        writeln!(self.out, "locals ({}) for {}:", proto.loc_vars_len(), self.path)?;
        for index in 0..proto.loc_vars_len() {
            let var = proto.loc_var(index);
            let name = Name(var.name.unwrap_or(b"-"));
            let (start, end) = (u64::from(var.start_pc) + 1, u64::from(var.end_pc) + 1);
            writeln!(self.out, "\t{index}\t{name}\t{start}\t{end}")?;
        }
        writeln!(self.out, "upvalues ({}) for {}:", proto.upvalues_len(), self.path)?;
        for index in 0..proto.upvalues_len() {
            let upvalue = proto.upvalue(index);
            let name = Name(upvalue.name.unwrap_or(b"-"));
            let in_stack = u8::from(upvalue.in_stack);
            writeln!(self.out, "\t{index}\t{name}\t{in_stack}\t{}", upvalue.index)?;
        }
        Ok(())
    }
}
