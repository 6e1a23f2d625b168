//! The compiler in a memory that refuses allocations.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use cranelua_compiler::memory::{Buffer, Memory, OutOfMemory};
use cranelua_compiler::{CompileError, Limits, compile};

/// Grants a number of growths, and refuses all after them.
#[derive(Clone)]
struct Scarce {
    left: Rc<Cell<u32>>,
}

struct ScarceBuf<T> {
    items: Vec<T>,
    left: Rc<Cell<u32>>,
}

impl<T> Deref for ScarceBuf<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for ScarceBuf<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T> Buffer<T> for ScarceBuf<T> {
    fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        if self.items.len() + additional > self.items.capacity() {
            self.left.set(self.left.get().checked_sub(1).ok_or(OutOfMemory)?);
            self.items.reserve(additional);
        }
        Ok(())
    }
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory> {
        self.try_reserve(1)?;
        self.items.push(value);
        Ok(())
    }
    fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }
    fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }
}

impl Memory for Scarce {
    type Buf<T> = ScarceBuf<T>;
    fn buf<T>(&self) -> ScarceBuf<T> {
        ScarceBuf { items: Vec::new(), left: Rc::clone(&self.left) }
    }
}

/// Compiles with ever more memory, until it suffices; returns how much that was
/// and whether the source is correct.
fn grow_until_done(source: &str) -> (u32, bool) {
    for growths in 0..10_000 {
        let memory = Scarce { left: Rc::new(Cell::new(growths)) };
        match compile(&memory, source.as_bytes(), b"@test", Limits::default()) {
            Err(CompileError::Memory) => {}
            Ok(_) => return (growths, true),
            Err(CompileError::Syntax(_)) => return (growths, false),
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("no amount of memory suffices");
}

#[test]
fn every_refused_growth_is_an_error() {
    let source = r#"
        local t <const>, u = 1, {1, 2.5, "x\n\u{41}", x = [[
        y]], [4] = nil, f(...)}
        for i = 1, 10 do for k, v in pairs(u) do if k then goto continue end g(k .. v) ::continue:: end end
        local function f(a, b, ...) return function() u.x, u.y = a and b or 1.25, t end end
        while u do local c <close> = u; if c then break end end
    "#;
    let (growths, is_correct) = grow_until_done(source);
    assert!(is_correct);
    assert!(growths > 30, "only {growths} growths");
}

#[test]
fn messages_need_memory_too() {
    let (growths, is_correct) = grow_until_done("local abc = 'a\\tb' 'x\\ty'");
    assert!(!is_correct);
    assert!(growths > 0);
}
