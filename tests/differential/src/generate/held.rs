//! Values that only waiting frames hold: a chain of functions, each of which keeps tables in another kind of place (variables,
//! extra arguments, temporary values, upvalues, variables to be closed, threads), calls the next one in another way, and
//! looks at them afterwards. Collections of new objects take place anywhere in between.

use super::Generator;
use crate::tree::{Node, statement};

/// The functions of the chain: `@` is the number of one, `NEXT` the function behind it, and at `Y` there may be a
/// collection. All take tables with a number each and give a number.
const LINKS: &[&str] = &[
    "local function held@(a, ...) Y local k = {@ + a[1]} Y local r = NEXT({k[1]}, a) Y return k[1] + r + a[1] end",
    "local function held@(...) Y local r = NEXT({@}, {2 * @}, ...) Y local a, b = ... return r + a[1] + (b and b[1] or 0) end",
    "local function held@(a, ...) Y return NEXT({a[1] + @}, {@}, ...) end",
    "local function held@(a) Y local k = {a[1]} Y return NEXT(k, {@}, {2 * @}) end",
    "local function held@(...) local n = select('#', ...) Y if n > 6 then return NEXT({n}) end return NEXT({n}, ...) end",
    "local function held@(...) Y local ok, r = pcall(NEXT, {@}, ...) Y return (ok and r or 0) + (...)[1] end",
    "local function then@(r, ...) Y local s = r for _, t in ipairs{...} do s = s + t[1] end return s end \
     local function held@(...) Y return then@(NEXT({@}), {@}, ...) end",
    "local function past@(ok, r, ...) Y return ok and r + select('#', ...) + (...)[1] end \
     local function caught@(...) Y return NEXT({@}, ...), {@}, ... end \
     local function held@(...) Y return past@(pcall(caught@, ...)) end",
    "local function held@(...) local co = coroutine.wrap(function(...) Y local x = coroutine.yield({@}) Y return NEXT(x, ...) end) \
     local y = co(...) Y return co({y[1] + @}) + (...)[1] end",
    "local function held@(a, ...) local rest = table.pack(...) \
     local m = setmetatable({}, {__index = function(_, k) Y return NEXT({k}, a, table.unpack(rest)) end}) Y return m[@] + a[1] end",
    "local function held@(a, ...) local m = setmetatable({@}, {__add = function(x, y) Y return NEXT(x, y) end}) Y \
     return (m + a) + (...  and (...)[1] or 0) end",
    "local function held@(a, ...) local r do local c <close> = setmetatable({@}, {__close = function(c) Y a = {a[1] + c[1]} end}) \
     Y r = NEXT({@}, ...) end Y return r + a[1] end",
    "local function held@(a, ...) local s = 0 for k, v in function(_, k) Y if k < 3 then return k + 1, {k} end end, {@}, 0 do \
     Y s = s + v[1] + (k == 2 and NEXT(v, ...) or 0) end return s + a[1] end",
    "local function held@(...) local k, r = {@}, 0 local s = ('ab'):gsub('.', function(c) Y if c == 'a' then r = NEXT({@}, k) end return c .. r end) \
     Y return r + #s + k[1] + (...)[1] end",
    "local function held@(...) return #(('t'):rep(60) .. {@}[1] .. NEXT({@}, ...)) + (...)[1] end",
    "local function held@(a, ...) local ok, e = pcall(function(...) Y local r = NEXT({@}, ...) Y error({r}) end, a, ...) Y \
     return e[1] + a[1] end",
    "local function held@(a) local k = {@} local function up() Y k = {k[1] + a[1]} return k end local r = NEXT(up(), a) Y \
     return r + up()[1] end",
    "local function held@(a, ...) local t = {{@}, NEXT({@}, ...), {a[1]}} Y return t[1][1] + t[2] + t[3][1] end",
];
/// The last of them.
const END: &str = "local function held0(...) Y local s = 0 for i = 1, select('#', ...) do s = s + (select(i, ...))[1] end Y return s end";

impl Generator<'_> {
    /// A chain of calls beside a heap of which collections look at the new part only.
    pub(super) fn held(&mut self) -> Node {
        let length = self.random.range(2, 6);
        let turns = self.random.range(2, 4);
        self.pay(100 * turns as u64);
        let mut out = vec![statement!["collectgarbage('generational') large()"]];
        let end = self.with_collections(END);
        out.push(statement![end]);
        for n in 1..=length {
            let link = self.random.pick(LINKS);
            let text = link.replace('@', &n.to_string()).replace("NEXT", &format!("held{}", n - 1));
            let text = self.with_collections(&text);
            out.push(statement![text]);
        }
        out.push(statement![format!(
            "for i = 1, {turns} do P(pcall(held{length}, {{i}}, {{2 * i}}, {{3}})) end"
        )]);
        statement!["do", Node::block(out), "end"]
    }

    /// A text with some of its places for collections taken.
    fn with_collections(&mut self, text: &str) -> String {
        let mut out = String::new();
        for (i, piece) in text.split(" Y ").enumerate() {
            if i > 0 {
                out.push_str(if self.random.chance(35) { " young() " } else { " " });
            }
            out.push_str(piece);
        }
        out
    }
}
