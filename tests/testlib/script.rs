//! The scripts of API calls that the official tests give to `T.testC`, run over the native stack API.
//!
//! A script is a sequence of words: a command, then its operands. Numbers may be `.` (taken from the top of the stack)
//! or `*` (the number of values on the stack); indices may be `R` (registry) or `U` and a number (upvalue).
//! Left out: `pushfstring*`, which is a function of the C API and has nothing below it here.

use super::raw;
use cranelua_engine::compiler::arith::ArithOp;
use cranelua_engine::runtime::api::{HookEvent, Lua, REGISTRY_INDEX, upvalue_index};
use cranelua_engine::runtime::error::{LResult, Throw};
use cranelua_engine::runtime::value::{LuaType, tag};

/// The texts of statuses, by number.
const STATUS_TEXTS: [&str; 7] =
    ["OK", "YIELD", "ERRRUN", "ERRSYNTAX", "not enough memory", "ERRGCMM", "ERRERR"];

/// The operators of `arith`, in the order of their names in the text.
const OPERATORS: (&[u8], [ArithOp; 14]) = (
    b"+-*%^/\\&|~<>_!",
    [
        ArithOp::Add,
        ArithOp::Sub,
        ArithOp::Mul,
        ArithOp::Mod,
        ArithOp::Pow,
        ArithOp::Div,
        ArithOp::IDiv,
        ArithOp::BAnd,
        ArithOp::BOr,
        ArithOp::BXor,
        ArithOp::Shl,
        ArithOp::Shr,
        ArithOp::Unm,
        ArithOp::BNot,
    ],
);

/// Registry field with the scripts of hooks, by thread.
const HOOK_SCRIPTS: &[u8] = b"C_HOOK";

/// A script being read.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Where errors in the script are raised.
    l: Lua,
    /// The thread that it works on.
    target: Lua,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied().filter(|&b| b != 0)
    }
    fn is_delimiter(b: u8) -> bool {
        b" \t\n,;".contains(&b)
    }
    fn skip(&mut self) {
        while let Some(b) = self.peek() {
            if b == b'#' {
                while self.peek().is_some_and(|b| b != b'\n') {
                    self.at += 1;
                }
            } else if Self::is_delimiter(b) {
                self.at += 1;
            } else {
                break;
            }
        }
    }
    fn word(&mut self) -> LResult<Vec<u8>> {
        self.skip();
        let mut word = Vec::new();
        let quote = self.peek().filter(|b| matches!(b, b'"' | b'\''));
        if quote.is_some() {
            self.at += 1;
            while self.peek() != quote {
                let Some(b) = self.peek() else {
                    return Err(self.l.error(&[b"unfinished string in C script"]));
                };
                word.push(b);
                self.at += 1;
            }
            self.at += 1;
        } else {
            while let Some(b) = self.peek().filter(|&b| !Self::is_delimiter(b)) {
                word.push(b);
                self.at += 1;
            }
        }
        Ok(word)
    }
    fn number(&mut self) -> LResult<i32> {
        self.skip();
        let mut negative = false;
        match self.peek() {
            Some(b'.') => {
                self.at += 1;
                let n = self.target.to_integer(-1).unwrap_or(0);
                self.target.pop(1);
                return Ok(n as i32);
            }
            Some(b'*') => {
                self.at += 1;
                return Ok(self.target.get_top());
            }
            Some(b'-') => {
                self.at += 1;
                negative = true;
            }
            _ => {}
        }
        let start = self.at;
        let mut n = 0i32;
        while let Some(b) = self.peek().filter(u8::is_ascii_digit) {
            n = n.wrapping_mul(10).wrapping_add(i32::from(b - b'0'));
            self.at += 1;
        }
        if self.at == start {
            return Err(self.l.error(&[b"number expected (", &self.text[start..], b")"]));
        }
        Ok(if negative { -n } else { n })
    }
    fn index(&mut self) -> LResult<i32> {
        self.skip();
        match self.peek() {
            Some(b'R') => {
                self.at += 1;
                Ok(REGISTRY_INDEX)
            }
            Some(b'U') => {
                self.at += 1;
                Ok(upvalue_index(self.number()?))
            }
            _ => self.number(),
        }
    }
    fn count(&mut self) -> LResult<usize> {
        Ok(self.number()?.max(0) as usize)
    }
    fn operator(&mut self) -> LResult<ArithOp> {
        self.skip();
        let position = self.peek().and_then(|b| OPERATORS.0.iter().position(|&o| o == b));
        self.at += 1;
        match position {
            Some(i) => Ok(OPERATORS.1[i]),
            None => Err(self.l.error(&[b"no such operator in C script"])),
        }
    }
    /// The thread at an index, or the one that the script works on.
    fn thread(&mut self) -> LResult<Lua> {
        let i = self.index()?;
        Ok(if i == 0 { self.target } else { self.target.to_thread(i).unwrap_or(self.target) })
    }
}

/// Runs a script on `l1`, errors going to `l`; the number of results on top of the stack.
pub fn run(l: Lua, l1: Lua, text: &[u8]) -> LResult<u32> {
    let mut r = Reader { text, at: 0, l, target: l1 };
    let mut status = 0u8;
    loop {
        let word = r.word()?;
        let Ok(command) = std::str::from_utf8(&word) else {
            return Err(l.error(&[b"unknown instruction ", &word]));
        };
        match command {
            "" => return Ok(0),
            "return" => return results(l, l1, r.number()?),
            "yield" => return l1.yield_k(r.count()?, 0, None),
            "yieldk" => {
                let n = r.count()?;
                let context = r.index()?;
                return l1.yield_k(n, context as isize, Some(continued));
            }
            "pcall" => {
                let (n, wanted) = (r.count()?, r.number()?);
                status = l1.pcall(n, wanted, r.number()?);
            }
            "pcallk" => {
                let (n, wanted) = (r.count()?, r.number()?);
                let context = r.index()? as isize;
                let yieldable = l1.is_yieldable();
                status = l1.pcall_k(n, wanted, 0, context, continued)?;
                if status != 0 && yieldable {
                    // Where PUC Lua may yield, it goes on in the continuation after an error, too.
                    return continued(l1, status, context);
                }
            }
            "resume" => {
                let co = r.thread()?;
                status = co.resume(l, r.count()?).0;
            }
            "pushstatus" => l1.push_bytes(STATUS_TEXTS[usize::from(status).min(6)].as_bytes())?,
            "throw" => return Err(l1.error(&[b"C++"])),
            "error" => return Err(l1.throw()),
            "abort" => std::process::abort(),
            _ => {
                if !(calls(&mut r, command)?
                    || stack(&mut r, command)?
                    || tables(&mut r, command)?
                    || tests(&mut r, command)?
                    || values(&mut r, command)?)
                {
                    return Err(l.error(&[b"unknown instruction ", &word]));
                }
            }
        }
    }
}

/// The results of a script: copies, if they come from another state or thread.
fn results(l: Lua, l1: Lua, n: i32) -> LResult<u32> {
    if l1.raw() != l.raw() {
        for i in (1..=n).rev() {
            if l1.type_of(-i) == LuaType::Boolean {
                l.push_boolean(l1.to_boolean(-i));
            } else {
                push_text(l, l1.to_bytes(-i)?)?;
            }
        }
    }
    Ok(n.max(0) as u32)
}

/// Pushes a text, or nil for none.
fn push_text(l: Lua, text: Option<&[u8]>) -> LResult<()> {
    match text {
        Some(text) => l.push_bytes(text),
        None => {
            l.push_nil();
            Ok(())
        }
    }
}

fn calls(r: &mut Reader<'_>, command: &str) -> LResult<bool> {
    let l1 = r.target;
    match command {
        "call" => {
            let n = r.count()?;
            l1.call(n, r.number()?)?;
        }
        "callk" => {
            let (n, wanted) = (r.count()?, r.number()?);
            l1.call_k(n, wanted, r.index()? as isize, continued)?;
        }
        "loadfile" => {
            let i = r.number()?;
            let name = l1.check_bytes(i)?;
            l1.load_file(Some(name), b"bt")?;
        }
        "loadstring" => {
            let i = r.number()?;
            let source = l1.check_bytes(i)?;
            l1.load(source, source, b"bt");
        }
        "newthread" => {
            l1.new_thread()?.set_compactable(false);
        }
        "resetthread" => {
            let status = l1.close_thread(l1);
            l1.push_integer(i64::from(status));
        }
        "threadstatus" => l1.push_bytes(STATUS_TEXTS[usize::from(l1.thread_status()).min(6)].as_bytes())?,
        "isyieldable" => {
            let yieldable = r.thread()?.is_yieldable();
            l1.push_boolean(yieldable);
        }
        "sethook" => {
            let (mask, count) = (r.number()?, r.number()?);
            let script = r.word()?;
            set_hook(l1, &script, mask as u8, count)?;
        }
        "traceback" => {
            let message = r.word()?;
            l1.traceback(l1, Some(&message), r.number()?)?;
        }
        "warningC" => l1.warning(&r.word()?, true),
        "warning" => l1.warning(&r.word()?, false),
        "toclose" => l1.to_close(r.number()?)?,
        "closeslot" => l1.close_slot(r.number()?)?,
        "print" => println!("{}", String::from_utf8_lossy(&r.word()?)),
        "printstack" => {
            let n = r.number()?;
            for i in if n == 0 { 1..=l1.get_top() } else { n..=n } {
                println!("{}", String::from_utf8_lossy(l1.tostring(i)?));
                l1.pop(1);
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn stack(r: &mut Reader<'_>, command: &str) -> LResult<bool> {
    let l1 = r.target;
    match command {
        "absindex" => {
            let i = l1.abs_index(r.index()?);
            l1.push_number(f64::from(i));
        }
        "checkstack" => {
            let n = r.count()?;
            let message = r.word()?;
            l1.check_stack_for(n, &String::from_utf8_lossy(&message))?;
        }
        "rawcheckstack" => {
            let n = r.count()?;
            l1.push_boolean(l1.check_stack(n));
        }
        "copy" => {
            let from = r.index()?;
            l1.copy(from, r.index()?);
        }
        "gettop" => l1.push_integer(i64::from(l1.get_top())),
        "insert" => l1.insert(r.number()?),
        "pop" => {
            let n = r.number()?;
            raw::close_from(l1, l1.get_top() - n + 1)?;
            l1.pop(n);
        }
        "settop" => {
            let n = r.number()?;
            let top = if n >= 0 { n } else { l1.get_top() + n + 1 };
            raw::close_from(l1, top + 1)?;
            l1.set_top(top);
        }
        "pushvalue" => l1.push_value(r.index()?),
        "remove" => l1.remove(r.number()?),
        "replace" => l1.replace(r.index()?),
        "rotate" => {
            let i = r.index()?;
            l1.rotate(i, r.number()?);
        }
        "xmove" => {
            let (from, to) = (r.thread()?, r.thread()?);
            let n = r.count()?;
            let n = if n == 0 { from.get_top() as usize } else { n };
            to.check_stack_for(n, "xmove")?;
            from.xmove(to, n);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn tables(r: &mut Reader<'_>, command: &str) -> LResult<bool> {
    let l1 = r.target;
    match command {
        "append" => {
            let t = r.index()?;
            l1.raw_set_i(t, l1.raw_len(t) as i64 + 1)?;
        }
        "getfield" => {
            let t = r.index()?;
            l1.get_field(t, &r.word()?)?;
        }
        "getglobal" => {
            l1.get_global(&r.word()?)?;
        }
        "getmetatable" => {
            if !l1.get_metatable(r.index()?) {
                l1.push_nil();
            }
        }
        "gettable" => {
            l1.get_table(r.index()?)?;
        }
        "newmetatable" => {
            let new = l1.new_metatable(&r.word()?)?;
            l1.push_boolean(new);
        }
        "newtable" => l1.new_table()?,
        "next" => {
            l1.next(-2)?;
        }
        "rawget" => {
            l1.raw_get(r.index()?);
        }
        "rawgeti" => {
            let t = r.index()?;
            l1.raw_get_i(t, i64::from(r.number()?));
        }
        "rawgetp" => {
            let t = r.index()?;
            l1.raw_get_p(t, r.number()? as usize as *const u8);
        }
        "rawset" => l1.raw_set(r.index()?)?,
        "rawseti" => {
            let t = r.index()?;
            l1.raw_set_i(t, i64::from(r.number()?))?;
        }
        "rawsetp" => {
            let t = r.index()?;
            l1.raw_set_p(t, r.number()? as usize as *const u8)?;
        }
        "setfield" => {
            let t = r.index()?;
            l1.set_field(t, &r.word()?)?;
        }
        "seti" => {
            let t = r.index()?;
            l1.set_i(t, i64::from(r.number()?))?;
        }
        "setglobal" => l1.set_global(&r.word()?)?,
        "setmetatable" => l1.set_metatable(r.index()?)?,
        "settable" => l1.set_table(r.index()?)?,
        "testudata" => {
            let i = r.index()?;
            let found = l1.test_userdata(i, &r.word()?)?.is_some();
            l1.push_boolean(found);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Commands that push whether a value is of some kind.
fn tests(r: &mut Reader<'_>, command: &str) -> LResult<bool> {
    let l1 = r.target;
    let test: fn(Lua, i32) -> bool = match command {
        "iscfunction" => Lua::is_native_function,
        "isfunction" => Lua::is_function,
        "isnil" => Lua::is_nil,
        "isnull" => Lua::is_none,
        "isnumber" => Lua::is_number,
        "isstring" => Lua::is_string,
        "istable" => Lua::is_table,
        "isudataval" => |l, i| !l.is_none(i) && l.value(i).tag == tag::LIGHT_USERDATA,
        "isuserdata" => |l, i| l.to_userdata(i).is_some() || l.value(i).tag == tag::LIGHT_USERDATA,
        "tobool" => Lua::to_boolean,
        _ => return Ok(false),
    };
    let answer = test(l1, r.index()?);
    l1.push_boolean(answer);
    Ok(true)
}

fn values(r: &mut Reader<'_>, command: &str) -> LResult<bool> {
    let l1 = r.target;
    match command {
        "arith" => l1.arith(r.operator()?)?,
        "compare" => {
            let how = r.word()?;
            let (a, b) = (r.index()?, r.index()?);
            let holds = !l1.is_none(a)
                && !l1.is_none(b)
                && match how.as_slice() {
                    [b'E', ..] => l1.equal(a, b)?,
                    [_, b'T', ..] => l1.less(a, b)?,
                    _ => l1.less_equal(a, b)?,
                };
            l1.push_boolean(holds);
        }
        "concat" => l1.concat(r.count()?)?,
        "func2num" => {
            let f = raw::native_function(l1.value(r.index()?));
            l1.push_number(if f.is_nil() { 0.0 } else { f.as_integer() as f64 });
        }
        "gsub" => {
            let texts = [r.number()?, r.number()?, r.number()?];
            let mut parts = Vec::new();
            for i in texts {
                parts.push(l1.to_bytes(i)?.unwrap_or_default().to_vec());
            }
            l1.push_bytes(&replaced(&parts[0], &parts[1], &parts[2]))?;
        }
        "len" => l1.len(r.index()?)?,
        "Llen" => {
            let n = l1.len_integer(r.index()?)?;
            l1.push_integer(n);
        }
        "objsize" => {
            let n = l1.raw_len(r.index()?);
            l1.push_integer(n as i64);
        }
        "newuserdata" => {
            l1.new_userdata(r.count()?, 1)?;
        }
        "pushbool" => l1.push_boolean(r.number()? != 0),
        "pushcclosure" => l1.push_native_closure(test_c, r.number()? as u8)?,
        "pushint" => l1.push_integer(i64::from(r.number()?)),
        "pushnil" => l1.push_nil(),
        "pushnum" => l1.push_number(f64::from(r.number()?)),
        "pushstring" => l1.push_bytes(&r.word()?)?,
        "pushupvalueindex" => l1.push_integer(i64::from(upvalue_index(r.number()?))),
        "tocfunction" => l1.push_raw(raw::native_function(l1.value(r.index()?))),
        "tointeger" => {
            let n = l1.to_integer(r.index()?).unwrap_or(0);
            l1.push_integer(n);
        }
        "tonumber" => {
            let n = l1.to_number(r.index()?).unwrap_or(0.0);
            l1.push_number(n);
        }
        "topointer" => l1.push_light_userdata(l1.to_pointer(r.index()?) as *mut _),
        "touserdata" => {
            let p = l1.to_userdata(r.index()?).unwrap_or(std::ptr::null_mut());
            l1.push_light_userdata(p as *mut _);
        }
        "tostring" => {
            let text = l1.to_bytes(r.index()?)?;
            push_text(l1, text)?;
        }
        "Ltolstring" => {
            l1.tostring(r.index()?)?;
        }
        "type" => {
            let name = l1.type_of(r.number()?).name();
            l1.push_bytes(name.as_bytes())?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// A text with every `old` replaced, from left to right.
fn replaced(text: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(old.len().max(1)).position(|w| w == old) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(new);
        rest = &rest[at + old.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// `T.testC([state or thread,] script, ...)`.
pub fn test_c(l: Lua) -> LResult<u32> {
    let (l1, at) = match l.type_of(1) {
        LuaType::Userdata | LuaType::LightUserdata => (super::states::get(l)?, 2),
        LuaType::Thread => (l.to_thread(1).unwrap_or(l), 2),
        _ => (l, 1),
    };
    l1.set_compactable(false);
    let script = l.check_bytes(at)?.to_vec();
    let result = run(l, l1, &script);
    match result {
        // An error in a thread that nobody resumed goes on in the one that runs.
        Err(Throw::Runtime | Throw::Syntax | Throw::InHandler) if l.type_of(1) == LuaType::Thread => {
            l.push_raw(raw::error_value(l1));
            Err(l.throw())
        }
        result => result,
    }
}

/// A function that runs the script in its first upvalue.
fn scripted(l: Lua) -> LResult<u32> {
    let script = l.to_bytes(upvalue_index(1))?.unwrap_or_default().to_vec();
    run(l, l, &script)
}

/// The continuation of all commands that have one: runs the script at the stack index that is its context.
fn continued(l: Lua, status: u8, context: isize) -> LResult<u32> {
    l.push_bytes(STATUS_TEXTS[usize::from(status).min(6)].as_bytes())?;
    l.set_global(b"status")?;
    l.push_integer(context as i64);
    l.set_global(b"ctx")?;
    let script = l.to_bytes(context as i32)?.unwrap_or_default().to_vec();
    run(l, l, &script)
}

/// `T.makeCfunc(script, ...)`: a native function with what is given as upvalues.
pub fn make_c_function(l: Lua) -> LResult<u32> {
    l.check_bytes(1)?;
    l.push_native_closure(scripted, l.get_top() as u8)?;
    Ok(1)
}

/// `T.sethook([script, mask [, count]])`.
pub fn set_script_hook(l: Lua) -> LResult<u32> {
    if l.is_none_or_nil(1) {
        l.set_hook(None, 0, 0);
        return Ok(0);
    }
    let script = l.check_bytes(1)?.to_vec();
    let events = l.check_bytes(2)?.to_vec();
    let count = l.opt_integer(3, 0)? as i32;
    let mut mask = 0;
    for (letter, bit) in [(b'c', 1), (b'r', 2), (b'l', 4)] {
        if events.contains(&letter) {
            mask |= bit;
        }
    }
    if count > 0 {
        mask |= 8;
    }
    set_hook(l, &script, mask, count)?;
    Ok(0)
}

fn set_hook(l: Lua, script: &[u8], mask: u8, count: i32) -> LResult<()> {
    if script.is_empty() {
        l.set_hook(None, 0, 0);
        return Ok(());
    }
    l.get_subtable(REGISTRY_INDEX, HOOK_SCRIPTS)?;
    l.push_bytes(script)?;
    l.raw_set_p(-2, l.raw() as *const u8)?;
    l.pop(1);
    l.set_hook(Some(hook), mask, count);
    Ok(())
}

/// Runs the hook's script, with the event's name and the line on the stack.
fn hook(l: Lua, event: HookEvent, line: i32) -> LResult<()> {
    l.get_field(REGISTRY_INDEX, HOOK_SCRIPTS)?;
    l.raw_get_p(-1, l.raw() as *const u8);
    let script = l.to_bytes(-1)?.unwrap_or_default().to_vec();
    l.pop(2);
    let name = ["call", "ret", "line", "count", "tailcall"][event as usize];
    l.push_bytes(name.as_bytes())?;
    l.push_integer(i64::from(line));
    run(l, l, &script)?;
    Ok(())
}

/// `T.resume(co)`: continues a coroutine without arguments, as a host does.
pub fn resume(l: Lua) -> LResult<u32> {
    let Some(co) = l.to_thread(1) else { return Err(l.arg_error(1, b"coroutine expected")) };
    let (status, _) = co.resume(l, 0);
    if status > 1 {
        l.push_boolean(false);
        co.xmove(l, 1);
        return Ok(2);
    }
    l.push_boolean(true);
    Ok(1)
}
