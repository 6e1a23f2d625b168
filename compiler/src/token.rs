//! Tokens: their kinds, the reserved words, and how messages name them.

use crate::bytecode::StrId;
use crate::memory::{Buffer, OutOfMemory};
use crate::number::Number;

macro_rules! define_kinds {
    (reserved: $($word:ident $word_text:literal),*; symbols: $($symbol:ident $symbol_text:literal),*;) => {
        /// What a token is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            /// A token that is one byte of the source, whatever the byte.
            Byte(u8),
            $($word,)*
            $($symbol,)*
            /// The end of the source.
            Eof,
            /// A numeral; its value is in the token.
            Number,
            /// An identifier; its text is in the token.
            Name,
            /// A string literal; its contents are in the token.
            Str,
        }

        /// Every reserved word.
        const RESERVED: &[(&str, Kind)] = &[$(($word_text, Kind::$word)),*];

        impl Kind {
            /// The text of a token that is always written the same way.
            fn fixed_text(self) -> Option<&'static str> {
                match self {
                    $(Kind::$word => Some($word_text),)*
                    $(Kind::$symbol => Some($symbol_text),)*
                    _ => None,
                }
            }
        }
    };
}

define_kinds! {
    reserved: And "and", Break "break", Do "do", Else "else", ElseIf "elseif", End "end", False "false",
        For "for", Function "function", Goto "goto", If "if", In "in", Local "local", Nil "nil", Not "not",
        Or "or", Repeat "repeat", Return "return", Then "then", True "true", Until "until", While "while";
    symbols: IDiv "//", Concat "..", Dots "...", Eq "==", Ge ">=", Le "<=", Ne "~=", Shl "<<", Shr ">>",
        DoubleColon "::";
}

/// Places of [`WORD_TABLE`], a power of two.
const WORD_PLACES: usize = 64;

/// A hash without collisions over the reserved words; [`build_word_table`]
/// fails at compile time if it ever has one.
const fn word_place(first: u8, last: u8) -> usize {
    (first as usize + last as usize * 55) & (WORD_PLACES - 1)
}

/// For each hash, the number of its word in [`RESERVED`] plus one, or 0.
const WORD_TABLE: [u8; WORD_PLACES] = build_word_table();

const fn build_word_table() -> [u8; WORD_PLACES] {
    let mut table = [0; WORD_PLACES];
    let mut i = 0;
    while i < RESERVED.len() {
        let word = RESERVED[i].0.as_bytes();
        let place = word_place(word[0], word[word.len() - 1]);
        assert!(table[place] == 0, "two reserved words have one hash");
        i += 1;
        table[place] = i as u8;
    }
    table
}

/// The kind of the reserved word `text`; `None` for any other name.
#[inline]
pub(crate) fn reserved_word(text: &[u8]) -> Option<Kind> {
    let (&first, &last) = (text.first()?, text.last()?);
    let number = WORD_TABLE[word_place(first, last)];
    let (word, kind) = RESERVED.get(usize::from(number).wrapping_sub(1))?;
    (word.as_bytes() == text).then_some(*kind)
}

impl Kind {
    /// Whether messages show the token's own text rather than its kind.
    pub(crate) fn has_own_text(self) -> bool {
        matches!(self, Kind::Name | Kind::Str | Kind::Number)
    }

    /// Appends the name of this kind as messages write it.
    pub(crate) fn describe<B: Buffer<u8>>(self, out: &mut B) -> Result<(), OutOfMemory> {
        match self {
            Kind::Byte(byte @ 0x20..=0x7E) => out.try_extend(&[b'\'', byte, b'\'']),
            Kind::Byte(byte) => {
                out.try_extend(b"'<\\")?;
                append_decimal(out, i32::from(byte))?;
                out.try_extend(b">'")
            }
            Kind::Eof => out.try_extend(b"<eof>"),
            Kind::Number => out.try_extend(b"<number>"),
            Kind::Name => out.try_extend(b"<name>"),
            Kind::Str => out.try_extend(b"<string>"),
            _ => {
                out.try_push(b'\'')?;
                out.try_extend(self.fixed_text().unwrap_or_default().as_bytes())?;
                out.try_push(b'\'')
            }
        }
    }
}

/// Appends `n`, which is not negative, in decimal.
pub(crate) fn append_decimal<B: Buffer<u8>>(out: &mut B, n: i32) -> Result<(), OutOfMemory> {
    let mut digits = [0; 10];
    let mut rest = n.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return out.try_extend(&digits[at..]);
        }
    }
}

/// A token with its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// Text of a name, contents of a string literal; of no meaning for others.
    pub string: StrId,
    /// Value of a numeral; of no meaning for others.
    pub number: Number,
}

impl Token {
    /// The token before the first one is read.
    pub(crate) fn none() -> Self {
        Token { kind: Kind::Byte(0), string: StrId(0), number: Number::Int(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reserved_word_is_found_and_nothing_else() {
        for (word, kind) in RESERVED {
            assert_eq!(reserved_word(word.as_bytes()), Some(*kind));
        }
        for name in ["", "a", "en", "endd", "ent", "ed", "AND", "untilx", "self"] {
            assert_eq!(reserved_word(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn kinds_are_named_as_in_messages() {
        let cases: [(Kind, &str); 6] = [
            (Kind::Byte(b'='), "'='"),
            (Kind::Byte(200), "'<\\200>'"),
            (Kind::While, "'while'"),
            (Kind::Dots, "'...'"),
            (Kind::Eof, "<eof>"),
            (Kind::Name, "<name>"),
        ];
        for (kind, text) in cases {
            let mut out = Vec::new();
            assert_eq!(kind.describe(&mut out), Ok(()));
            assert_eq!(out, text.as_bytes());
        }
    }
}
