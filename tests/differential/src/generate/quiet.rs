//! Loops in which nothing is called but small functions: what may leave a loop, and what is known across it, shows only
//! where no call makes everything unknown. Lists have no holes: they never get shorter than what is stored into by index. Each is run with what it becomes hot with, and then with other functions,
//! tables and values.

use super::Generator;
use crate::tree::{Node, statement};

/// Functions that may be translated at their calls: of upvalues that the loop assigns, of fields, and others. All take
/// and give numbers, if their table has the fields.
const FUNCTIONS: &[&str] = &[
    "local function gx() return x end",
    "local function gy() return y end",
    "local function gxy() return x + y * 2 end",
    "local function gn() return 3 end",
    "local function gw() return w end",
    "local function gi(v) return v end",
    "local function go() return t.a end",
    "local function gc(v) if v then return x end return y end",
    "local function sx(v) x = v end",
    "local function ramp(a, b, s) local v, k = 0, 0 for j = a, b, s do v = v + j k = k + 1 if k > 20 then break end end return v end",
    "local function fold(f, a) for j = 1, 3 do a = f(a, j) end return a end",
    "local function first(v) return v end",
    "local function pair(v) return v, gi(v) end",
    "local function largest(v) return math.max(3, gi(v)) end",
    "local function text(v) return tostring(gi(v)) end",
    "local function lasting(v) local k = v local function up() k = k + 1 return k end return gi(up()) end",
    "local function living(v) local k = v local function up() k = k + 1 return k end up() return tostring(up()), up end",
    "local function passing(v) local k = v local function up() k = k + 1 return k end return fold(up, 0) end",
    "local function typed(v) local k = v local function up() k = k + 1 return k end return math.type(up()) end",
];
/// The names of those that are called without an argument.
const READERS: &[&str] = &["gx", "gy", "gxy", "gn", "gw", "gi", "go", "gc"];
/// The methods of the objects.
const METHODS: &[&str] = &[
    "function C:get() return self.a end",
    "function C:sum() return self.a + self.b + self.c end",
    "function C:set(v) self.a = v end",
    "function C:both(v) self.a = v self.b = self.a + 1 end",
    "function C:next() local v = self.a * 5 % 97 self.a = v return v end",
    "function C:swap() self.a, self.b = self.b, self.a end",
    "function C:limit(v) if v > 50 then self.c = 1 return self.a end self.c = v self.b = self.c return 2 end",
    "function C:copy(from) self.a = from.b self.b = from.a from.a = self.b + 1 end",
];
const OBJECTS: &[&str] = &[
    "setmetatable({a = 1, b = 2, c = 3, s = 'four'}, C)",
    "setmetatable({c = 3, a = 1, b = 2.5, s = 'fo'}, C)",
    "setmetatable({a = 1, b = 2, c = 3, s = 'f', d = 4}, C)",
    "setmetatable({a = 7, s = 'ab'}, {__index = setmetatable({b = 5, c = 6}, C)})",
    "setmetatable({a = 1, b = 2, c = 3, s = 'five'}, {__index = function(o, k) o.a = o.a + 1 x = x + 1 return C[k] or 1 end})",
    "{a = 1, b = 2, c = 3, s = 'x', get = C.get, set = C.set}",
    "setmetatable({a = 2, b = 2}, {__index = function(_, k) return k == 's' and 'y' or C[k] or 9 end})",
];
/// New tables into old ones, and looks at them some turns later: what a minor collection must have kept. Much is
/// allocated meanwhile. (Small heaps have whole collections only; and in the test mode that collects at every safepoint
/// no object is young for longer than the instruction that makes it.)
const KEEPING: [&str; 3] = ["kept[i % 4 + 1] = {i, p}", "p = p + kept[(i + 1) % 4 + 1][1]", "z = chunk .. i"];
const LARGE_HEAP: &str = "local chunk = large()";
const CONDITIONS: &[&str] = &[
    "i % 2 == 0",
    "c",
    "i % 3 == 1",
    "i > n // 2",
    "x > 5",
    "o.a == p",
    "p % 4 < 2",
    "i == n - 1",
    "#s > 1",
    "not c",
    "o.c",
    "y ~= x",
];
const STEPS: &[&str] = &[
    "p = p + g()",
    "p = p + t.a o.a = i p = p + t.a",
    "p = p - o.b t.b = i p = p + o.b",
    "p = p + #list if #list < 400 then list[#list + 1] = p end p = p + #list",
    "u = t.more or 0 C.more = i p = p + u",
    "p = p + g()",
    "q = q - h()",
    "q = q + h(c)",
    "r = g()",
    "p = p + gx()",
    "p = p - gxy() % 10",
    "p = p + gi(i)",
    "q = q + gc(c)",
    "x = x + 1",
    "x = i % 7",
    "y = i",
    "y = y + 0.5",
    "w = x",
    "sx(i)",
    "u = u + 1 p = p + gu()",
    "u = i",
    "p = p + gu()",
    "z = p % 9 p = p + gz()",
    "p = p + o.a",
    "p = p + o.c",
    "q = q + o.b",
    "r = o.s",
    "o.a = o.a + 1",
    "o.b = p % 100",
    "o.c = i",
    "t.a = p % 50",
    "p = p + t.a * 3",
    "t.b, t.a = t.a, i",
    "p = p + #s",
    "p = p + s:len()",
    "p = p + (s:byte(1) or 0)",
    "p = p + #o.s",
    "p = p + list[i % 8 + 1]",
    "list[i % 8 + 1] = p % 30",
    "p = p + #list",
    "list, other = other, list",
    "p = p + o:get()",
    "q = q + o:sum()",
    "o:set(i)",
    "o:both(p % 20)",
    "p = p + o:next()",
    "o:swap()",
    "p = p + o:limit(p % 80)",
    "o:copy(t)",
    "p = p + (o.missing or 0)",
    "p = p + x + (o.missing or 0) + x",
    "p = p + o.a + (o.missing or 0) + o.a",
    "p = p + i // 2",
    "q = q + i / 4",
    "p = p % 1000",
    "if #list < 20 then list[#list + 1] = p % 40 end",
    "if #list > 9 then list[#list] = nil end",
    "list[1], list[2] = list[2], list[1]",
    "local l = list p = p + l[1] * l[2]",
    "for j = 1, #list do p = p + list[j] end",
    "for j = #list, 1, -2 do list[j] = list[j] + 1 end",
    "for j = 1, 3 do rows[j][i % 3 + 1] = rows[j][1] + j end",
    "p = p + rows[i % 3 + 1][2]",
    "rows[2] = rows[i % 3 + 1]",
    "while p > 500 do p = p // 2 end",
    "repeat q = q / 2 until q < 100",
    "if p > 900 then break end",
    "if i > n then return p, q end",
    "p = p & 255 | i << 2",
    "p = p ~ (i >> 1)",
    "q = q * 0.5 + 1",
    "q = -q",
    "p = math.max(p, i) + math.min(i, 7)",
    "p = p + math.floor(q % 10)",
    "q = q + math.sqrt(i) + math.abs(i - 9)",
    "o[key] = i",
    "p = p + o[key]",
    "key = i % 2 == 0 and 'a' or 'b'",
    "if s < 'b' then p = p + 1 end",
    "if r == s then p = p + 2 end",
    "r = s:sub(1, 1)",
    "p = p + string.byte(s, -1)",
    "r = i > 9 and r or nil",
    "p, z = z, p",
    "p = p + down(i % 5)",
    "p = p + count.n count.n = count.n % 50 + 1",
    "t, o = o, t",
    "kept[i % 4 + 1] = {i, p}",
    "p = p + kept[i % 4 + 1][1]",
    "kept.at = {a = i, b = 1, c = 2, s = 'k'} p = p + kept.at.a",
    "o.s = 's' .. i % 10",
    "r = 'k' .. i % 50",
    "o.link = {a = i % 9, b = 2, c = 3, s = 'n' .. i}",
    "if o.link then p = p + o.link.a + #o.link.s end",
    "w = {i}",
    "o = o.link or o",
    "r = p",
    "local m = p + i p = m % 1000",
    "p = p + ramp(1, 4, 1)",
    "q = q + ramp(x, 3, 0.5)",
    "q = q + ramp(y, 5, w)",
    "q = q + ramp(i % 2 == 0 and 1 or 1.0, 5, c and 2 or 1)",
    "for j = y, y + 2 do p = p + 1 q = j end",
    "p = p + fold(math.max, i)",
    "p = p + fold(first, i)",
    "q = q + fold(i % 3 == 0 and math.min or first, p)",
    "q = q + fold(i % 4 == 0 and gn or i % 4 == 1 and math.max or select, 1)",
    "local a, b = pair(i) p = p + b - a",
    "p = largest(p)",
    "p = p + #text(i)",
    "r = text(q)",
    "p = p + lasting(i)",
    "local made, up = living(i) p = p + #made + up()",
    "r = typed(y)",
    "for j, v in ipairs(list) do p = p + v * j end",
    "for j, v in ipairs(rows[i % 3 + 1]) do q = q + v if j == y then break end end",
    "for j, v in ipairs(kept) do local function at() return v[1] + j end p = p + at() end",
    "for j, v in ipairs(o) do p = p + j if j > 9 then break end end",
    "for j, v in ipairs(setmetatable({i}, {__index = function(_, k) return k < 4 and k or nil end})) do p = p + v end",
    "for k, v in pairs(rows) do p = p + k + v[1] end",
    "for k, v in pairs(t) do if k == key then r = v end end",
    "for _, v in ipairs(i % 4 == 0 and {1, nil, 3} or other) do p = p + v end",
    "p = p + passing(i)",
    "q = q - passing(x)",
    "GQ = p",
    "GQ = i % 5 > 0 and i or nil",
    "p = p + (GQ or 1)",
    "GQ = r",
    "local ok, v = pcall(i % 2 == 0 and gi or math.abs, i) p = p + v",
    "p = p + #string.rep('ab', 2, ',')",
    "p = p + #tostring(o.s)",
    "local m = i local function gm() return m end m = m + 1 p = p + gm()",
];
/// What stands for the function, for `s` and for `c` in a run.
const STRINGS: &[&str] = &["'ab'", "'ab'", "('x'):rep(60)", "''", "12", "nil", "{}"];
const TRUTHS: &[&str] = &["true", "false", "true", "nil", "1"];
/// What happens between runs.
const BETWEEN: &[&str] = &[
    "x = 0.5",
    "x, y = 3, 4",
    "y = '2'",
    "w = nil",
    "t.a = 1.5",
    "t.c = nil",
    "t.extra = 1",
    "function C:get() return 40 end",
    "rows[1] = {0.5, 1, 2}",
    "rows[3][2] = nil",
    "t.link = {a = 1, b = 1, c = 1, s = 'l'}",
    "key = 'c'",
    "count = {m = 1, n = 2.5}",
    "setmetatable(list, {__index = function(_, k) return k < 12 and k or nil end, __pairs = function(l) return next, {4}, nil end})",
    "rows = setmetatable({{7}}, {__index = {[2] = {8}, [3] = {9, 1}}})",
    "ipairs = function(l) return function(_, k) if k < 2 then return k + 1, {3} end end, l, 0 end",
    "list[3] = 0.25",
    "other[5] = 'five'",
    "list = {9, 8, 7, 6, 5, 4, 3, 2.5}",
    "t.s = 's'",
    "w = t",
    "C.c = 8",
    "GQ = 2.5",
    "GQ = nil",
    "setmetatable(_G, {__newindex = function(e, k, v) rawset(e, k, v) x = 1 end})",
    "setmetatable(_G, nil)",
    "collectgarbage()",
];

impl Generator<'_> {
    /// A loop without calls that matter, run many times and then otherwise.
    pub(super) fn quiet(&mut self) -> Node {
        let turns = self.random.pick(&[20, 40, 60]);
        let runs = self.random.range(3, 8);
        self.pay(turns * runs as u64 * 2);
        let mut out = vec![
            statement!["local x, y, w = ", self.random.range(0, 9).to_string(), ", 2, 1"],
            statement!["local list, other = {1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1}"],
            statement!["local rows, count, key = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, {n = 1}, 'b'"],
            statement!["local kept = {{1}, {2}, {3}, {4}}"],
            statement!["local function down(n) if n <= 0 then return 1 end return n + down(n - 1) end"],
            statement!["local C = {} C.__index = C"],
        ];
        out.extend(METHODS.iter().map(|m| statement![*m]));
        out.push(statement![format!("local t = {}", OBJECTS[0])]);
        out.extend(FUNCTIONS.iter().map(|f| statement![*f]));
        let count = self.random.range(self.size.hot.0, self.size.hot.1 + 1);
        // Few different steps: the same thing happens in several places, and in several arms of a branch.
        let mut theme: Vec<&'static str> =
            (0..self.random.range(1, 5)).map(|_| self.random.pick(STEPS)).collect();
        if self.random.chance(30) {
            theme.extend(KEEPING);
            out.push(statement![LARGE_HEAP]);
        }
        let body = self.quiet_steps(&theme, count, 0);
        out.push(statement![
            "local function run(g, h, o, s, n, c) local p, q, r, u, z = 0, 0.5, nil, 1, 2 local function gu() return u end local function gz() return z end for i = 1, n do",
            body,
            "end return p, q, type(r) ~= 'function' and r, u, z end"
        ]);
        let usual = self.quiet_call(turns);
        // Often two ways to call it take turns.
        let second = if self.random.chance(50) { self.quiet_call(turns) } else { String::new() };
        out.push(statement![format!("for k = 1, {runs} do {usual} {second} end")]);
        for _ in 0..self.random.range(1, 4) {
            if self.random.chance(60) {
                out.push(statement![self.random.pick(BETWEEN)]);
            }
            let call = if self.random.chance(40) { usual.clone() } else { self.quiet_call(turns) };
            out.push(statement![format!("P({call})")]);
        }
        out.push(statement!["P(x, y, w, t, list, kept[1], kept[3], kept.at, t.link)"]);
        statement!["do", Node::block(out), "end"]
    }

    fn quiet_call(&mut self, turns: u64) -> String {
        let (g, h) = (self.random.pick(READERS), self.random.pick(READERS));
        let object = if self.random.chance(60) { "t" } else { self.random.pick(OBJECTS) };
        let (s, c) = (self.random.pick(STRINGS), self.random.pick(TRUTHS));
        format!("pcall(run, {g}, {h}, {object}, {s}, {turns}, {c})")
    }

    fn quiet_steps(&mut self, theme: &[&'static str], count: i64, depth: u32) -> Node {
        let mut out = Vec::new();
        for _ in 0..count {
            if depth < 2 && self.random.chance(25) {
                let condition = self.random.pick(CONDITIONS);
                let count = self.random.range(1, 2);
                let then = self.quiet_steps(theme, count, depth + 1);
                if self.random.chance(60) {
                    let other = self.quiet_steps(theme, count, depth + 1);
                    out.push(statement![format!("if {condition} then"), then, "else", other, "end"]);
                } else {
                    out.push(statement![format!("if {condition} then"), then, "end"]);
                }
            } else if depth < 2 && self.random.chance(6) {
                let inner = self.quiet_steps(theme, 2, depth + 1);
                out.push(statement!["for j = 1, i % 3 do", inner, "end"]);
            } else {
                out.push(statement![self.random.pick(theme)]);
            }
        }
        Node::block(out)
    }
}
