//! Source text to tokens.
//!
//! The lexer walks over the complete source as a byte slice. A name, a numeral
//! or a string without escapes is never copied before it is interned; only
//! strings with escapes or unusual line ends pass through a scratch buffer.
//!
//! Invariant: `pos` is at most the length of the source, and `line` is the
//! line of `pos`.

use crate::bytecode::{StrId, Strings};
use crate::error::{Failure, Res};
use crate::memory::{Buffer, Memory};
use crate::number::{Number, hex_value, is_space, parse_number};
use crate::token::{Kind, Token, reserved_word};

/// Classes of bytes, as bits of [`CLASS`].
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// Continues a numeral (digits of any base and the dot).
const NUMERAL: u8 = 4;
/// Ends a run of ordinary bytes in a short string.
const STRING_STOP: u8 = 8;
/// Ends a run of ordinary bytes in a long string or comment.
const LONG_STOP: u8 = 16;
const LINE_END: u8 = 32;
/// White space within a line.
const BLANK: u8 = 64;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        let mut class = 0;
        if byte.is_ascii_alphabetic() || byte == b'_' {
            class |= LETTER;
        }
        if byte.is_ascii_digit() {
            class |= DIGIT;
        }
        if byte.is_ascii_hexdigit() || byte == b'.' {
            class |= NUMERAL;
        }
        if matches!(byte, b'"' | b'\'' | b'\\' | b'\n' | b'\r') {
            class |= STRING_STOP;
        }
        if matches!(byte, b']' | b'\n' | b'\r') {
            class |= LONG_STOP;
        }
        if matches!(byte, b'\n' | b'\r') {
            class |= LINE_END;
        }
        if matches!(byte, b' ' | b'\t' | 0x0B | 0x0C) {
            class |= BLANK;
        }
        table[i] = class;
        i += 1;
    }
    table
};

/// More digits than this may not fit in an integer.
const SAFE_DIGITS: usize = 18;

/// Where the text of the last token with a text of its own stands.
#[derive(Clone, Copy)]
enum Text {
    Source {
        start: usize,
        end: usize,
    },
    /// A string literal: its opening delimiter in the source, and its contents.
    Quoted {
        start: usize,
        end: usize,
        contents: StrId,
    },
    Scratch,
}

/// What a bracket and the `=` after it turned out to be.
enum Bracket {
    /// `[==[` or `]==]` with that many `=`; the second bracket is the next byte.
    Long(usize),
    /// A bracket alone.
    Single,
    /// `[=` without a second bracket.
    Broken,
}

pub(crate) struct Lexer<'s, M: Memory> {
    source: &'s [u8],
    pos: usize,
    /// Line of the next byte.
    pub line: i32,
    text: Text,
    scratch: M::Buf<u8>,
}

impl<'s, M: Memory> Lexer<'s, M> {
    pub(crate) fn new(memory: &M, source: &'s [u8]) -> Self {
        Lexer { source, pos: 0, line: 1, text: Text::Source { start: 0, end: 0 }, scratch: memory.buf() }
    }

    /// The text that messages show for a name, numeral or string: that of the
    /// token read last, or the piece of one whose reading failed.
    pub(crate) fn near_text(&mut self, strings: &Strings<M>) -> Res<&[u8]> {
        match self.text {
            Text::Source { start, end } => Ok(self.source.get(start..end).unwrap_or_default()),
            Text::Quoted { start, end, contents } => {
                self.scratch.truncate(0);
                let opening = self.source.get(start..end).unwrap_or_default();
                self.scratch.try_extend(opening)?;
                self.scratch.try_extend(strings.get(contents))?;
                for &byte in opening {
                    self.scratch.try_push(if byte == b'[' { b']' } else { byte })?;
                }
                Ok(&self.scratch)
            }
            Text::Scratch => Ok(&self.scratch),
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.source.get(self.pos).copied()
    }

    /// Skips the next byte if it is `byte`.
    #[inline(always)]
    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.pos += usize::from(found);
        found
    }

    /// Skips bytes until one of `classes` or the end.
    #[inline(always)]
    fn skip_until(&mut self, classes: u8) {
        while let Some(&byte) = self.source.get(self.pos)
            && CLASS[usize::from(byte)] & classes == 0
        {
            self.pos += 1;
        }
    }

    /// Skips bytes as long as they are of `classes`.
    #[inline(always)]
    fn skip_while(&mut self, classes: u8) {
        while let Some(&byte) = self.source.get(self.pos)
            && CLASS[usize::from(byte)] & classes != 0
        {
            self.pos += 1;
        }
    }

    #[inline(always)]
    fn next_is(&self, classes: u8) -> bool {
        self.peek().is_some_and(|byte| CLASS[usize::from(byte)] & classes != 0)
    }

    /// The bytes from `start` to the current position.
    #[inline(always)]
    fn since(&self, start: usize) -> &'s [u8] {
        self.source.get(start..self.pos).unwrap_or_default()
    }

    /// Skips a line end: CR, LF, CR LF or LF CR.
    #[inline]
    fn skip_line_end(&mut self) -> Res<()> {
        let first = self.peek();
        self.pos += 1;
        if self.next_is(LINE_END) && self.peek() != first {
            self.pos += 1;
        }
        self.line += 1;
        if self.line == i32::MAX {
            return Err(Failure::Semantic(&"chunk has too many lines"));
        }
        Ok(())
    }

    /// Reads the next token into `token`, which changes only on success. (As a
    /// result it would be copied through memory, which shows in the speed.)
    #[inline(never)]
    pub(crate) fn next(&mut self, strings: &mut Strings<M>, token: &mut Token) -> Res<()> {
        loop {
            let Some(byte) = self.peek() else {
                token.kind = Kind::Eof;
                return Ok(());
            };
            let kind = match byte {
                b'\n' | b'\r' => {
                    self.skip_line_end()?;
                    continue;
                }
                b' ' | b'\t' | 0x0B | 0x0C => {
                    self.pos += 1;
                    self.skip_while(BLANK);
                    continue;
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => return self.name(strings, token),
                b'0'..=b'9' => return self.numeral(self.pos, token),
                b'"' | b'\'' => return self.short_string(byte, strings, token),
                b'-' => {
                    self.pos += 1;
                    if self.accept(b'-') {
                        self.skip_comment()?;
                        continue;
                    }
                    Kind::Byte(b'-')
                }
                b'[' => {
                    let start = self.pos;
                    match self.bracket(b'[') {
                        Bracket::Long(level) => return self.long_string(start, level, strings, token),
                        Bracket::Single => Kind::Byte(b'['),
                        Bracket::Broken => {
                            self.text = Text::Source { start, end: self.pos };
                            return Err(Failure::Lexical(&"invalid long string delimiter"));
                        }
                    }
                }
                b'.' => {
                    let start = self.pos;
                    self.pos += 1;
                    if self.accept(b'.') {
                        if self.accept(b'.') { Kind::Dots } else { Kind::Concat }
                    } else if self.next_is(DIGIT) {
                        return self.numeral(start, token);
                    } else {
                        Kind::Byte(b'.')
                    }
                }
                b'=' => self.one_or_two(byte, b'=', Kind::Eq),
                b'~' => self.one_or_two(byte, b'=', Kind::Ne),
                b'/' => self.one_or_two(byte, b'/', Kind::IDiv),
                b':' => self.one_or_two(byte, b':', Kind::DoubleColon),
                b'<' => match self.one_or_two(byte, b'=', Kind::Le) {
                    Kind::Byte(_) if self.accept(b'<') => Kind::Shl,
                    kind => kind,
                },
                b'>' => match self.one_or_two(byte, b'=', Kind::Ge) {
                    Kind::Byte(_) if self.accept(b'>') => Kind::Shr,
                    kind => kind,
                },
                _ => {
                    self.pos += 1;
                    Kind::Byte(byte)
                }
            };
            token.kind = kind;
            return Ok(());
        }
    }

    /// Skips `first`, and `second` if it follows, which makes the token `both`.
    #[inline(always)]
    fn one_or_two(&mut self, first: u8, second: u8, both: Kind) -> Kind {
        self.pos += 1;
        if self.accept(second) { both } else { Kind::Byte(first) }
    }

    #[inline]
    fn name(&mut self, strings: &mut Strings<M>, token: &mut Token) -> Res<()> {
        let start = self.pos;
        self.pos += 1;
        self.skip_while(LETTER | DIGIT);
        let text = self.since(start);
        if let Some(word) = reserved_word(text) {
            token.kind = word;
            return Ok(());
        }
        self.text = Text::Source { start, end: self.pos };
        token.string = strings.intern(text)?;
        token.kind = Kind::Name;
        Ok(())
    }

    /// Reads a numeral that starts at `start`; the position is at its first
    /// digit. Takes what looks roughly like a numeral, and leaves it to
    /// [`parse_number`] to refuse it.
    fn numeral(&mut self, start: usize, token: &mut Token) -> Res<()> {
        let first = self.pos;
        self.skip_while(DIGIT);
        let digits = self.since(first);
        if start == first && digits.len() <= SAFE_DIGITS && !self.next_is(LETTER | NUMERAL) {
            let value = digits.iter().fold(0, |n, &digit| n * 10 + i64::from(digit - b'0'));
            self.text = Text::Source { start, end: self.pos };
            token.kind = Kind::Number;
            token.number = Number::Int(value);
            return Ok(());
        }
        self.pos = first + 1;
        let hexadecimal = self.source.get(first) == Some(&b'0') && (self.accept(b'x') || self.accept(b'X'));
        let marks = if hexadecimal { [b'p', b'P'] } else { [b'e', b'E'] };
        loop {
            if self.accept(marks[0]) || self.accept(marks[1]) {
                let _signed = self.accept(b'-') || self.accept(b'+');
            } else if self.next_is(NUMERAL) {
                self.pos += 1;
            } else {
                break;
            }
        }
        // A letter that touches the numeral makes it malformed.
        if self.next_is(LETTER) {
            self.pos += 1;
        }
        self.text = Text::Source { start, end: self.pos };
        let number = parse_number(self.since(start)).ok_or(Failure::Lexical(&"malformed number"))?;
        token.kind = Kind::Number;
        token.number = number;
        Ok(())
    }

    /// Skips a comment whose `--` has been read.
    fn skip_comment(&mut self) -> Res<()> {
        if self.peek() == Some(b'[')
            && let Bracket::Long(level) = self.bracket(b'[')
        {
            return self.long_comment(level);
        }
        self.skip_until(LINE_END);
        Ok(())
    }

    /// Reads a bracket and the `=` after it.
    fn bracket(&mut self, bracket: u8) -> Bracket {
        self.pos += 1;
        let start = self.pos;
        while self.accept(b'=') {}
        let level = self.pos - start;
        if self.peek() == Some(bracket) {
            Bracket::Long(level)
        } else if level == 0 {
            Bracket::Single
        } else {
            Bracket::Broken
        }
    }

    /// Skips the closing bracket of `level` if it stands here; else its beginning.
    fn closing_bracket(&mut self, level: usize) -> bool {
        let closes = matches!(self.bracket(b']'), Bracket::Long(found) if found == level);
        self.pos += usize::from(closes);
        closes
    }

    fn long_comment(&mut self, level: usize) -> Res<()> {
        let line = self.line;
        self.pos += 1;
        loop {
            self.skip_until(LONG_STOP);
            match self.peek() {
                None => return Err(Failure::UnfinishedLong { is_comment: true, line }),
                Some(b']') => {
                    if self.closing_bracket(level) {
                        return Ok(());
                    }
                }
                Some(_) => self.skip_line_end()?,
            }
        }
    }

    /// Reads a long string that starts at `start`; the position is at its
    /// second bracket.
    fn long_string(
        &mut self,
        start: usize,
        level: usize,
        strings: &mut Strings<M>,
        token: &mut Token,
    ) -> Res<()> {
        let line = self.line;
        self.pos += 1;
        let opening_end = self.pos;
        if self.next_is(LINE_END) {
            self.skip_line_end()?;
        }
        // Bytes before `copied` are in the scratch buffer.
        let mut copied = self.pos;
        let mut in_scratch = false;
        self.scratch.truncate(0);
        let contents = loop {
            self.skip_until(LONG_STOP);
            let stop = self.pos;
            match self.peek() {
                None => return Err(Failure::UnfinishedLong { is_comment: false, line }),
                Some(b']') => {
                    if self.closing_bracket(level) {
                        let rest = self.source.get(copied..stop).unwrap_or_default();
                        if !in_scratch {
                            break strings.intern(rest)?;
                        }
                        self.scratch.try_extend(rest)?;
                        break strings.intern(&self.scratch)?;
                    }
                }
                Some(_) => {
                    self.skip_line_end()?;
                    // Every form of line end is one newline in the string.
                    if self.since(stop) != b"\n" {
                        self.scratch.try_extend(self.source.get(copied..stop).unwrap_or_default())?;
                        self.scratch.try_push(b'\n')?;
                        copied = self.pos;
                        in_scratch = true;
                    }
                }
            }
        };
        self.text = Text::Quoted { start, end: opening_end, contents };
        token.kind = Kind::Str;
        token.string = contents;
        Ok(())
    }

    /// Reads a string between quotes.
    fn short_string(&mut self, quote: u8, strings: &mut Strings<M>, token: &mut Token) -> Res<()> {
        let start = self.pos;
        self.pos += 1;
        // Bytes before `copied` are in the scratch buffer, after the quote.
        let mut copied = start;
        let contents = loop {
            self.skip_until(STRING_STOP);
            match self.peek() {
                Some(byte) if byte == quote => {
                    let rest = self.since(copied);
                    self.pos += 1;
                    if copied == start {
                        break strings.intern(rest.get(1..).unwrap_or_default())?;
                    }
                    self.scratch.try_extend(rest)?;
                    break strings.intern(self.scratch.get(1..).unwrap_or_default())?;
                }
                Some(b'\\') => {
                    if copied == start {
                        self.scratch.truncate(0);
                    }
                    self.scratch.try_extend(self.since(copied))?;
                    self.escape()?;
                    copied = self.pos;
                }
                Some(b'\n' | b'\r') => {
                    if copied == start {
                        self.text = Text::Source { start, end: self.pos };
                    } else {
                        self.scratch.try_extend(self.since(copied))?;
                        self.text = Text::Scratch;
                    }
                    return Err(Failure::Lexical(&"unfinished string"));
                }
                // The other quote.
                Some(_) => self.pos += 1,
                None => return Err(Failure::UnexpectedEnd(&"unfinished string")),
            }
        };
        self.text = Text::Quoted { start, end: start + 1, contents };
        token.kind = Kind::Str;
        token.string = contents;
        Ok(())
    }

    /// Reads an escape sequence; the position is at its backslash. Its meaning
    /// goes to the scratch buffer.
    fn escape(&mut self) -> Res<()> {
        let start = self.pos;
        self.pos += 1;
        let Some(byte) = self.peek() else {
            // The end of the source is the caller's error.
            return Ok(());
        };
        let meaning = match byte {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            b'\\' | b'"' | b'\'' => byte,
            b'\n' | b'\r' => {
                self.skip_line_end()?;
                self.scratch.try_push(b'\n')?;
                return Ok(());
            }
            b'x' => {
                self.pos += 1;
                let high = self.hex_digit(start)?;
                self.pos += 1;
                high << 4 | self.hex_digit(start)?
            }
            b'z' => {
                self.pos += 1;
                while let Some(space) = self.peek()
                    && is_space(space)
                {
                    if self.next_is(LINE_END) {
                        self.skip_line_end()?;
                    } else {
                        self.pos += 1;
                    }
                }
                return Ok(());
            }
            b'u' => return self.utf8_escape(start),
            b'0'..=b'9' => return self.decimal_escape(start),
            _ => return Err(self.bad_escape(start, &"invalid escape sequence")),
        };
        self.pos += 1;
        self.scratch.try_push(meaning)?;
        Ok(())
    }

    /// The value of the hexadecimal digit here, in an escape that starts at `start`.
    fn hex_digit(&mut self, start: usize) -> Res<u8> {
        match self.peek().and_then(hex_value) {
            Some(value) => Ok(value),
            None => Err(self.bad_escape(start, &"hexadecimal digit expected")),
        }
    }

    fn decimal_escape(&mut self, start: usize) -> Res<()> {
        let mut value = 0u32;
        let first = self.pos;
        while self.pos < first + 3
            && let Some(digit @ b'0'..=b'9') = self.peek()
        {
            value = value * 10 + u32::from(digit - b'0');
            self.pos += 1;
        }
        match u8::try_from(value) {
            Ok(byte) => Ok(self.scratch.try_push(byte)?),
            Err(_) => Err(self.bad_escape(start, &"decimal escape too large")),
        }
    }

    /// Reads the code point of a `u` escape in braces, up to 2^31 - 1.
    fn utf8_escape(&mut self, start: usize) -> Res<()> {
        self.pos += 1;
        if self.peek() != Some(b'{') {
            return Err(self.bad_escape(start, &"missing '{'"));
        }
        self.pos += 1;
        let mut code = u32::from(self.hex_digit(start)?);
        self.pos += 1;
        while let Some(digit) = self.peek().and_then(hex_value) {
            if code > 0x7FFF_FFFF >> 4 {
                return Err(self.bad_escape(start, &"UTF-8 value too large"));
            }
            code = code << 4 | u32::from(digit);
            self.pos += 1;
        }
        if !self.accept(b'}') {
            return Err(self.bad_escape(start, &"missing '}'"));
        }
        let (bytes, len) = utf8_bytes(code);
        self.scratch.try_extend(&bytes[bytes.len() - len..])?;
        Ok(())
    }

    /// The failure for an escape that starts at `start` and is wrong at the
    /// current byte, which the message shows too.
    #[cold]
    fn bad_escape(&mut self, start: usize, message: &'static &'static str) -> Failure {
        let end = (self.pos + 1).min(self.source.len());
        let shown = self.source.get(start..end).unwrap_or_default();
        self.text = Text::Scratch;
        match self.scratch.try_extend(shown) {
            Ok(()) => Failure::Lexical(message),
            Err(error) => error.into(),
        }
    }
}

/// Encodes `code` (31 bits at most) in the original UTF-8, with up to six
/// bytes; they are the last ones of the array.
fn utf8_bytes(code: u32) -> ([u8; 6], usize) {
    let mut bytes = [0; 6];
    if code < 0x80 {
        bytes[5] = code as u8;
        return (bytes, 1);
    }
    let mut rest = code;
    // What the first byte has room for.
    let mut first_max = 0x3F;
    let mut len = 0;
    while rest > first_max {
        len += 1;
        bytes[6 - len] = 0x80 | (rest & 0x3F) as u8;
        rest >>= 6;
        first_max >>= 1;
    }
    len += 1;
    bytes[6 - len] = (!first_max << 1) as u8 | rest as u8;
    (bytes, len)
}
