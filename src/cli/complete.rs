//! Completion of names at the prompt: globals, and fields of what a path of
//! names leads to, through the `__index` tables of metatables.
//!
//! Invariant: completing runs no Lua code and changes nothing. Metamethods
//! that are functions are not called; what they would give is not offered.

use crate::engine::runtime::api::Lua;
use crate::engine::runtime::error::LResult;
use crate::engine::runtime::value::LuaType;
use std::collections::BTreeSet;

/// Most names that are offered.
const MAX_NAMES: usize = 1000;
/// Longest chain of `__index` tables that is followed.
const MAX_CHAIN: usize = 100;
/// Stack slots that the search needs at most.
const SLOTS: usize = 16;

/// The word before the cursor: names that lead to a value, and the beginning
/// of a field of it.
#[derive(Debug, PartialEq, Eq)]
struct Word<'a> {
    path: Vec<&'a str>,
    /// The last separator is a colon: only functions are wanted.
    method: bool,
    beginning: &'a str,
}

fn is_identifier(text: &[u8]) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    text.first().is_some_and(|b| !b.is_ascii_digit()) && text.iter().all(word)
}

impl<'a> Word<'a> {
    /// The word that ends at the end of `text`; `None` when there is nothing
    /// to complete.
    fn parse(text: &'a str) -> Option<Word<'a>> {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
        let word = match text.char_indices().rev().find(|&(_, c)| !part(c)) {
            Some((at, c)) => &text[at + c.len_utf8()..],
            None => text,
        };
        // A concatenation is no separator.
        let word = word.rfind("..").map_or(word, |at| &word[at + 2..]);
        let (path, method, beginning) = match word.rfind(['.', ':']) {
            Some(at) => (&word[..at], word.as_bytes().get(at) == Some(&b':'), &word[at + 1..]),
            None if word.is_empty() => return None,
            None => {
                return is_identifier(word.as_bytes()).then_some(Word {
                    path: Vec::new(),
                    method: false,
                    beginning: word,
                });
            }
        };
        let path: Vec<&str> = path.split('.').collect();
        let names = path.iter().all(|name| is_identifier(name.as_bytes()));
        let right = names && (beginning.is_empty() || is_identifier(beginning.as_bytes()));
        right.then_some(Word { path, method, beginning })
    }
}

/// The names that fit the text before the cursor, in order, and where in it
/// the name starts that they replace.
pub fn complete(l: Lua, before: &str) -> (usize, Vec<String>) {
    let Some(word) = Word::parse(before) else {
        return (before.len(), Vec::new());
    };
    let mut names = BTreeSet::new();
    let top = l.get_top();
    if l.check_stack(SLOTS) {
        // An error (of memory) leaves what was found until then.
        l.protected(|l| search(l, &word, &mut names));
        l.set_top(top);
    }
    (before.len() - word.beginning.len(), names.into_iter().collect())
}

fn search(l: Lua, word: &Word, names: &mut BTreeSet<String>) -> LResult<()> {
    l.push_raw(l.globals());
    for name in &word.path {
        if !push_field(l, name.as_bytes())? {
            return Ok(());
        }
        l.remove(-2);
    }
    for _ in 0..MAX_CHAIN {
        if l.is_table(-1) {
            collect(l, word, names)?;
        }
        if !push_index_table(l)? {
            break;
        }
        l.remove(-2);
    }
    Ok(())
}

/// Pushes field `name` of the value on top; pushes nothing when there is none.
fn push_field(l: Lua, name: &[u8]) -> LResult<bool> {
    l.push_value(-1);
    for _ in 0..MAX_CHAIN {
        if l.is_table(-1) {
            if l.raw_get_field(-1, name)? != LuaType::Nil {
                l.remove(-2);
                return Ok(true);
            }
            l.pop(1);
        }
        if !push_index_table(l)? {
            break;
        }
        l.remove(-2);
    }
    l.pop(1);
    Ok(false)
}

/// Pushes the table where absent fields of the value on top are looked up.
fn push_index_table(l: Lua) -> LResult<bool> {
    match l.get_metafield(-1, b"__index")? {
        LuaType::Table => Ok(true),
        LuaType::Nil => Ok(false),
        _ => {
            l.pop(1);
            Ok(false)
        }
    }
}

/// Collects the names in the table on top that fit.
fn collect(l: Lua, word: &Word, names: &mut BTreeSet<String>) -> LResult<()> {
    l.push_nil();
    while l.next(-2)? {
        let fits = |key: &&[u8]| is_identifier(key) && key.starts_with(word.beginning.as_bytes());
        let wanted = !word.method || l.is_function(-1);
        let key = l.string_bytes(-2).filter(fits).and_then(|key| std::str::from_utf8(key).ok());
        if let Some(key) = key.filter(|_| wanted) {
            names.insert(key.to_string());
        }
        l.pop(1);
        if names.len() >= MAX_NAMES {
            l.pop(1);
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Options, State};

    #[test]
    fn words() {
        let parse = |text| Word::parse(text).map(|w| (w.path.join("/"), w.method, w.beginning.to_string()));
        let some =
            |path: &str, method, beginning: &str| Some((path.to_string(), method, beginning.to_string()));
        assert_eq!(parse("x = pri"), some("", false, "pri"));
        assert_eq!(parse("f(a.b.c"), some("a/b", false, "c"));
        assert_eq!(parse("a.b:"), some("a/b", true, ""));
        assert_eq!(parse("a..string.f"), some("string", false, "f"));
        for none in ["", "x = ", "f().x", "1.5", "a:b.c", "\"\":u"] {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn names_come_through_metatables() {
        let state = State::new(&Options::default()).expect("a state");
        assert_eq!(state.open_libraries(), State::OK);
        let l = state.lua();
        let code = b"Base = { speak = print, sort = 1 }; Base.__index = Base
            object = setmetatable({ sound = 'moo', [1] = 1, ['two words'] = 2 }, Base)
            loop = {}; loop.__index = loop; setmetatable(loop, loop)
            trap = setmetatable({}, { __index = function() error('called') end })";
        assert_eq!(l.load(code, b"=code", b"t"), State::OK);
        assert_eq!(l.pcall(0, 0, 0), State::OK);
        let names = |text: &str| complete(l, text).1.join(" ");
        assert_eq!(names("obj"), "object");
        assert_eq!(names("object.s"), "sort sound speak");
        assert_eq!(names("object:s"), "speak");
        assert_eq!(names("object.sound:up"), "upper");
        assert_eq!(names("string.for"), "format");
        assert_eq!(names("trap.x.y"), "");
        assert_eq!(names("loop.nothing"), "");
        assert_eq!(complete(l, "x = string.for").0, 11);
        assert_eq!(l.get_top(), 0);
    }
}
