//! What goes beyond plain code: metamethods, protected calls, coroutines, variables to be closed, environments, and
//! the disturbances that happen in the middle of a hot loop.

use super::{Generator, Type, prefix};
use crate::tree::{Node, expression, statement};

/// Metamethods of arithmetic: event and operator.
const ARITHMETIC: &[(&str, &str)] = &[
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("div", "//"),
    ("mod", "-"),
    ("pow", "+"),
    ("idiv", "*"),
    ("band", "&"),
    ("bor", "|"),
    ("bxor", "~"),
    ("shl", "+"),
    ("shr", "-"),
];

/// What may happen in the middle of a loop, with the feature that can be left out. `$x` as in library templates;
/// `@T` is a variable of type T (i f n s b), which is assigned to.
const DISTURBANCES: &[(&str, &str)] = &[
    // Values change their types.
    ("", "@i = $f"),
    ("", "@i = $s"),
    ("", "@i = $n"),
    ("", "@f = $i"),
    ("", "@n = $s"),
    ("", "@n = $i"),
    ("", "@n = $f"),
    ("", "@b = nil"),
    ("", "@s = $i"),
    ("", "@n = false"),
    ("", "@i = $M"),
    // Tables change what is in them and how they are laid out.
    ("", "$I[1] = $f or 1"),
    ("", "$I[#$I] = 'text'"),
    ("", "$N[#$N] = nil"),
    ("", "$R.x = $f"),
    ("", "$R.x = nil"),
    ("", "$R.y = $i"),
    ("", "$R.fresh = $n"),
    ("", "for q = 1, 20 do $R['k' .. q] = q end"),
    ("", "for q = 1, 20 do $I[#$I + 1] = q end"),
    ("", "for q = #$I, 2, -1 do $I[q] = nil end"),
    ("", "rawset($R, 'n', $s)"),
    ("", "GR = {s = 'new', n = $n, y = $f, x = $i}"),
    ("", "GT = {$i or 1, $f or 2, $i or 3}"),
    (
        "",
        "GT = setmetatable({}, {__index = function(_, k) return k end, __len = function() return 3 end, __metatable = 1})",
    ),
    // Globals.
    ("", "GI = $f"),
    ("", "GI = false"),
    ("", "GN = 'global'"),
    ("", "NEW = (NEW or 0) + 1"),
    ("", "math.floor = function(x) return x end"),
    ("", "math.abs = nil"),
    ("", "local old = math.max; math.max = function(...) return old(1, ...) end"),
    ("", "tostring = function(x) return 'T' end"),
    ("", "type = nil"),
    // What shortens strings goes on doing so: a string that doubles in a loop has no end.
    ("", "string.sub = function(s) return #s < 200 and s or '' end"),
    ("", "select = function(...) return ... end"),
    // Metatables.
    ("metatables", "setmetatable($R, {__index = function(_, k) return 9 end})"),
    ("metatables", "setmetatable($R, {__newindex = function(t, k, v) rawset(t, k, v) HC = HC + 1 end})"),
    ("metatables", "setmetatable($R, Class)"),
    ("metatables", "setmetatable($I, {__index = function(_, k) return 9 end})"),
    ("metatables", "setmetatable($I, {__newindex = function(t, k, v) HC = HC + 1 rawset(t, k, v) end})"),
    ("metatables", "setmetatable($H, {__index = $I, __newindex = {}})"),
    ("metatables", "setmetatable($I, {__len = function() return 2 end, __metatable = 1})"),
    ("metatables", "setmetatable($M, nil)"),
    ("metatables", "MT.__add = function() return $i end"),
    ("metatables", "MT.__add = nil"),
    ("metatables", "MT.__lt = nil"),
    ("metatables", "MT.__le = function() return $b end"),
    ("metatables", "MT.__eq = nil"),
    ("metatables", "MT.__len = function() return $f end"),
    ("metatables", "MT.__call = nil"),
    ("metatables", "MT.__call = setmetatable({}, {__call = function(_, _, x) return 3 end})"),
    ("metatables", "MT.__index = {v = 1, foo = $i, bar = $n}"),
    ("metatables", "MT.__index = nil"),
    ("metatables", "MT.__concat = nil"),
    ("metatables", "Class.__index = {absent = $i, x = 3}"),
    ("metatables", "Class.absent = $n"),
    ("metatables", "Base.absent = $i"),
    ("metatables", "setmetatable(Class, {__index = function(t, k) return 6 end})"),
    ("metatables", "getmetatable('').__index = function(s, k) return string[k] end"),
    ("metatables", "getmetatable('').__add = function() return 1 end"),
    ("metatables", "getmetatable('').__concat = function(a, b) return 'M' end"),
    ("metatables", "getmetatable('').__lt = function(a, b) return $b end"),
    (
        "metatables",
        "local m = getmetatable('') m.__eq = function() return true end m.__len = function() return 2 end m.__unm = function() return $i end",
    ),
    (
        "metatables",
        "debug.setmetatable(0, {__concat = function() return 'N' end, __add = function() return $i end, __le = function() return $b end, __bor = function() return 5 end})",
    ),
    (
        "metatables",
        "debug.setmetatable(0, {__index = function() return 7 end, __call = function(x) return x end, __len = function() return 4 end})",
    ),
    (
        "metatables",
        "debug.setmetatable(nil, {__index = function() return 7 end, __add = function() return 8 end})",
    ),
    ("metatables", "debug.setmetatable(print, {__index = {x = 1}, __lt = function() return true end})"),
    (
        "metatables",
        "debug.setmetatable(true, {__add = function() return 8 end, __lt = function() return true end})",
    ),
    // Hooks.
    ("hooks", "debug.sethook(function(e) HK = HK + 1 end, 'l')"),
    ("hooks", "debug.sethook(function(e, l) HK = HK * 3 + l end, 'l')"),
    ("hooks", "debug.sethook(function(e) HK = HK + 1 end, 'cr')"),
    ("hooks", "debug.sethook(function(e) HK = HK + #e end, 'crl', 13)"),
    ("hooks", "debug.sethook(function(e) HK = HK + 1 end, '', 7)"),
    ("hooks", "debug.sethook()"),
    (
        "hooks",
        "local c = 0 debug.sethook(function() c = c + 1 if c == 20 then debug.sethook() error('hook', 0) end end, 'l')",
    ),
    // Locals and upvalues through the debug library.
    ("locals", "poke('@i', $f)"),
    ("locals", "poke('@i', $i)"),
    ("locals", "poke('@f', $s)"),
    ("locals", "poke('@n', $n)"),
    ("locals", "P(peek('@n'), peek('@i'))"),
    ("locals", "local f = function() return @i end debug.setupvalue(f, 1, $i)"),
    (
        "locals",
        "local f, g = function() return @i end, function() return @n end debug.upvaluejoin(f, 1, g, 1) P(f())",
    ),
    ("locals", "local f = function() @n = $i end f()"),
    ("locals", "debug.upvaluejoin(Still, 1, Moving, 1)"),
    ("locals", "debug.upvaluejoin(Moving, 1, Still, 1)"),
    ("locals", "debug.upvaluejoin(Still, 1, function() return @i end, 1)"),
    ("locals", "debug.setupvalue(Still, 1, $i)"),
    // Traversals of tables that become prototypes, or are moved to; queues.
    (
        "metatables",
        "do local n = 0 for k in next, $R do n = n + 1 local x = setmetatable({}, {__index = $R}).x end P(n) end",
    ),
    (
        "metatables",
        "do local t, n = {a = 1, [2.5] = 2, b = $i, [true] = 4, c = 5}, 0 for k, v in pairs(t) do n = n + 1 if n == $j then t[k] = nil setmetatable({}, t) end end P(n) end",
    ),
    (
        "",
        "do local t, n = {[3] = 1, [2] = 2, [1] = 3, [4] = 5, [5] = 6, [6] = 7, [7] = 8, [8] = 9, [9] = 0, x = 3}, 0 for k in pairs(t) do n = n + 1 table.move({9, 8, 7, 6, 5, 4, 3, 2, 1}, 1, 9, 1, t) end P(n) end",
    ),
    (
        "",
        "do local q, h, n = {}, 1, 0 for t = 1, 200 do q[t] = t if t > 20 then q[h] = nil h = h + 1 end end for k, v in pairs(q) do n = n + k * v end P(n, h, q[h]) end",
    ),
    (
        "",
        "do local function sum(t, s) for j = 1, #t do s = s + t[j] end return s end local s = 0 for k = 1, 80 do s = s + sum(k % 2 == 0 and $I or {0.5, 1.5}, k % 3 == 0 and 0 or 0.25) end P(s) end",
    ),
    // Environments.
    ("env", "_ENV = setmetatable({GI = $i, GN = $n}, {__index = _ENV, __newindex = _ENV})"),
    ("env", "_ENV = setmetatable({}, {__index = _ENV})"),
    // Collection.
    ("gc", "collectgarbage()"),
    ("gc", "collectgarbage('step')"),
    ("gc", "collectgarbage('generational') collectgarbage() collectgarbage('incremental')"),
    (
        "gc",
        "do local w = setmetatable({}, {__mode = 'k'}) w[$R] = 1 w[{}] = 2 collectgarbage() local c = 0 for _ in pairs(w) do c = c + 1 end P(c) end",
    ),
    ("gc", "(function() setmetatable({}, {__gc = function() HC = HC + 1 end}) end)() collectgarbage()"),
    // Errors.
    ("", "error($s)"),
    ("", "error({$i})"),
    ("", "error()"),
    ("", "error($s, 2)"),
    ("", "error($n)"),
    ("", "local x = nil + $i"),
    ("", "local x = $R.absent.field"),
    ("", "absent_function($i)"),
    ("", "($s)()"),
    ("traceback", "P(debug.traceback('here', 1))"),
    (
        "traceback",
        "P(debug.getinfo(1, 'l').currentline, debug.getinfo(1, 'n').name, debug.getinfo(1, 't').istailcall)",
    ),
    ("", "P(pcall(load('local a = ... return a + 1'), $n))"),
    ("", "P(load('GI = ' .. ($i) .. ' return GI')())"),
];

impl Generator<'_> {
    /// The classes with metamethods that programs use; plain text, as statements that can go.
    pub(super) fn metatable(&mut self, out: &mut Vec<Node>) {
        out.push(statement![
            "local function val(a) if type(a) == 'table' then return rawget(a, 'v') or 0 end return math.tointeger(a) or 2 end"
        ]);
        out.push(statement!["MT = {}"]);
        out.push(statement!["local Yield = false"]);
        for (event, op) in ARITHMETIC {
            let body = match (event, self.random.below(5)) {
                (&"div", _) => "return val(a) // (val(b) | 1)".to_string(),
                (_, 0) if self.has("coroutines") => {
                    format!(
                        "if Yield and coroutine.isyieldable() then coroutine.yield('{event}') end return val(a) {op} val(b)"
                    )
                }
                (_, 1) => format!("HC = HC + 1 return val(a) {op} val(b)"),
                _ => format!("return val(a) {op} val(b)"),
            };
            out.push(statement![format!("MT.__{event} = function(a, b) {body} end")]);
        }
        let yield_index = self.has("coroutines") && self.random.chance(30);
        let index = match self.random.below(3) {
            _ if yield_index => {
                "function(t, k) if Yield and coroutine.isyieldable() then coroutine.yield(k) end return #k end"
            }
            0 => "function(t, k) return k == 'foo' and 1 or 2 end",
            1 => "setmetatable({foo = 3, bar = 4}, {__index = function() return 5 end})",
            _ => "{foo = 1, bar = 2, w = 3}",
        };
        let rows: [&str; 13] = [
            "MT.__unm = function(a) return -val(a) end",
            "MT.__bnot = function(a) return ~val(a) end",
            "MT.__len = function(a) return val(a) & 7 end",
            "MT.__concat = function(a, b) return 'M' .. (type(b) == 'string' and b or '') end",
            "MT.__eq = function(a, b) HC = HC + 1 return val(a) == val(b) end",
            "MT.__lt = function(a, b) return val(a) < val(b) end",
            "MT.__le = function(a, b) return val(a) <= val(b) end",
            "MT.__call = function(self, x, ...) return val(self) + (math.tointeger(x) or 1) end",
            "MT.__newindex = function(t, k, v) HC = HC + 1 rawset(t, k, v) end",
            "MT.__tostring = function(a) return 'M' .. val(a) end",
            "MT.__name = 'Meta'",
            "MT.__pairs = function(t) return function(_, k) if not k then return 1, t.v end end, t, nil end",
            "MT.__close = function(t, e) HC = HC + 1 end",
        ];
        out.push(statement![format!("MT.__index = {index}")]);
        for row in rows {
            out.push(statement![row]);
        }
        if self.random.chance(20) {
            out.push(statement!["MT.__metatable = 'locked'"]);
        }
        if self.has("metatables") && self.random.chance(20) {
            // Strings do these without asking them, but for comparisons with something else.
            out.push(statement!["for _, e in ipairs{'concat', 'lt', 'le', 'len', 'eq', 'unm'} do getmetatable('')['__' .. e] = MT['__' .. e] end"]);
        }
        out.push(statement![
            "do local still, moving = 3, 4 function Still() return still end function Moving() moving = moving + 1 return moving end end"
        ]);
        out.push(statement!["Base = {absent = 1} Base.__index = Base"]);
        out.push(statement!["Class = setmetatable({}, Base) Class.__index = Class"]);
        out.push(statement!["Object = setmetatable({x = 1, y = 1.5, n = 2, s = 'o'}, Class)"]);
        if self.has("deep") && self.random.below(150 * self.size.rarity) == 0 {
            out.push(statement!["local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end P(deep(150), select('#', pcall(deep, 1e6)))"]);
        }
        if self.has("big") && self.random.below(400 * self.size.rarity) == 0 {
            out.push(statement![
                "do local t = {} for i = 1, 132000 do t[i] = i .. '.5' end local f = load('local x = ... local t = {' .. table.concat(t, ',') .. '} return #t, t[131999], x + 131999.5, {x = 131998.25}, x == 131990.75') P(f(1)) end"
            ]);
        }
    }

    /// Something that happens once, in the middle of a hot loop.
    pub(super) fn disturbance(&mut self) -> Node {
        let Some((i, turns)) = self.context.hot.clone() else { return self.assignment() };
        let at = self.random.range(turns / 4, turns);
        let (feature, template) = self.random.pick(DISTURBANCES);
        if !feature.is_empty() && !self.has(feature) {
            return self.assignment();
        }
        // Count hooks do not count the instructions of finalisers (see COMPATIBILITY.md): one of them in a program.
        let counts = template.contains("sethook") && template.contains("', ");
        if (counts && self.finalizers) || (template.contains("__gc") && !self.finalizers) {
            return self.assignment();
        }
        if self.context.yields && self.random.chance(20) {
            let value = self.leaf(Type::Int);
            return statement![format!("if {i} == {at} then coroutine.yield("), value, ") end"];
        }
        let mut text = template.to_string();
        for (mark, ty) in [
            ("@i", Type::Int),
            ("@f", Type::Float),
            ("@n", Type::Number),
            ("@s", Type::Text),
            ("@b", Type::Bool),
        ] {
            while let Some(at) = text.find(mark) {
                let name = self.variable(ty, true).unwrap_or_else(|| "GN".to_string());
                // What is meant for a local would hit the environment, which hooks need too.
                if feature == "locals" && name.starts_with(|c: char| c.is_ascii_uppercase()) {
                    return self.assignment();
                }
                text.replace_range(at..at + 2, &name);
            }
        }
        let times = self.times;
        self.times = 1;
        let mut happening = self.table_names(&text);
        self.times = times;
        happening.kind = crate::tree::Kind::Statement;
        // Sometimes more than once, or always after a certain turn.
        let compare = if self.random.chance(80) { "==" } else { "%" };
        match compare {
            "==" => statement![format!("if {i} == {at} then"), Node::block(vec![happening]), "end"],
            _ => statement![
                format!("if {i} % {} == 1 then", (turns / 3).max(2)),
                Node::block(vec![happening]),
                "end"
            ],
        }
    }

    /// Fills a template in which tables must be variables.
    fn table_names(&mut self, template: &str) -> Node {
        let mut text = template.to_string();
        for (mark, ty, otherwise) in [
            ("$I", Type::Ints, "GT"),
            ("$N", Type::Numbers, "GT"),
            ("$H", Type::Holes, "GT"),
            ("$R", Type::Record, "GR"),
            ("$M", Type::Meta, "Object"),
        ] {
            if text.contains(mark) {
                // The same table at every place of one template.
                let name = self.variable(ty, false).unwrap_or_else(|| otherwise.to_string());
                text = text.replace(mark, &name);
            }
        }
        let saved = self.context.vararg;
        self.context.vararg = saved && !text.contains("function");
        let made = self.fill(&text, 1);
        self.context.vararg = saved;
        made
    }

    /// One of the bigger features.
    pub(super) fn feature(&mut self) -> Node {
        let often = self.times > 30;
        match self.random.weighted(&[25, 12, 20, 15, 8, 10, 10, 8]) {
            0 => self.protected(often),
            1 => self.handled(),
            2 if self.has("coroutines") => self.coroutine(often),
            3 if self.has("close") => self.closing(often),
            4 if self.has("env") => {
                let body = self.block(2);
                statement![
                    "do local _ENV = setmetatable({GI = 5}, {__index = _ENV, __newindex = _ENV})",
                    body,
                    "end"
                ]
            }
            5 => {
                let Some(name) = self.variable(Type::Int, true) else { return self.assignment_or_trace() };
                let body = self.closure(2, false);
                let call = self.fresh("fx");
                self.pay(6);
                statement![
                    format!("local {call} = "),
                    body,
                    format!(" {name} = math.tointeger(({call}())) or {name}")
                ]
            }
            6 => self.captured(),
            _ => self.table_statement(),
        }
    }

    fn assignment_or_trace(&mut self) -> Node {
        self.trace_now_and_then()
    }

    /// A table that is made and used in the loop.
    fn table_statement(&mut self) -> Node {
        let ty = self.random.pick(&[Type::Record, Type::Ints, Type::Numbers, Type::Meta, Type::Holes]);
        self.declare(ty)
    }

    fn protected(&mut self, often: bool) -> Node {
        let saved = self.context.yields;
        let body = self.closure(2, saved);
        let ok = self.bring(Type::Bool, false, prefix(Type::Bool));
        let e = self.fresh("e");
        let show = if often {
            format!(" if not {ok} then HC = HC + (type({e}) == 'string' and #{e} or 1) end")
        } else {
            format!(" P({ok}, {e})")
        };
        statement![format!("local {ok}, {e} = pcall("), body, ")", show]
    }

    fn handled(&mut self) -> Node {
        let handler = match self.random.below(5) {
            0 if self.has("traceback") => "debug.traceback",
            1 => "function(m) return {m} end",
            3 => "function(m) HC = HC + 1 return type(m) == 'string' and m .. '!' or m end",
            2 => "function(m) if type(m) == 'string' then error({}) end return 'handled' end",
            _ => "function(m) error('in the handler') end",
        };
        let body = self.closure(2, self.context.yields);
        let (ok, e) = (self.bring(Type::Bool, false, "b"), self.fresh("e"));
        let show = if self.times > 30 { String::new() } else { format!(" P({ok}, {e})") };
        statement![format!("local {ok}, {e} = xpcall("), body, format!(", {handler})"), show]
    }

    fn coroutine(&mut self, often: bool) -> Node {
        let co = self.fresh("co");
        self.pay(12);
        match self.random.below(4) {
            0 if !often => {
                // A coroutine with a hot body that yields now and then.
                let i = self.fresh("i");
                let y = self.leaf(Type::Int);
                let saved = self.context.clone();
                self.context.yields = true;
                self.context.vararg = false;
                self.context.returns = None;
                self.level += 1;
                let turns = self.random.pick(&[20, 60]);
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], 3);
                self.level -= 1;
                self.context = saved;
                let every = self.random.pick(&[7, 11, 19]);
                statement![
                    format!(
                        "do Yield = true local {co} = coroutine.create(function(a, b) for {i} = 1, {turns} do"
                    ),
                    body,
                    format!("if {i} % {every} == 0 then a = coroutine.yield({i}, a, "),
                    y,
                    format!(
                        ") end end return 'done' end)\nfor k = 1, 12 do P(coroutine.resume({co}, k, 'b')) if coroutine.status({co}) == 'dead' then break end end P(coroutine.status({co}), coroutine.close({co})) Yield = false end"
                    )
                ]
            }
            1 => {
                let saved = self.context.clone();
                let body = self.closure(2, true);
                self.context = saved;
                let finish = if often {
                    "HC = HC + 1"
                } else {
                    "P(coroutine.resume(@)) P(coroutine.close(@), coroutine.status(@))"
                };
                statement![
                    format!("do local {co} = coroutine.create("),
                    body,
                    format!(
                        ") local r = table.pack(coroutine.resume({co}, 1)) HC = HC + r.n {} end",
                        finish.replace('@', &co)
                    )
                ]
            }
            2 => {
                let Some(n) = self.variable(Type::Int, true) else { return self.assignment_or_trace() };
                let step = self.leaf(Type::Int);
                statement![
                    format!(
                        "do local {co} = coroutine.wrap(function(a) while true do a = coroutine.yield(a + "
                    ),
                    step,
                    format!(") end end) for q = 1, 5 do {n} = {co}(q) end end")
                ]
            }
            _ => {
                // A yield across pcall, a metamethod and an iterator.
                let value = self.leaf(Type::Int);
                let inner = self.random.pick(&[
                    "pcall(function() coroutine.yield('p') error('after') end)",
                    "setmetatable({}, {__add = function(a, b) return coroutine.yield(b) end}) + 5",
                    "setmetatable({}, {__index = function(t, k) return coroutine.yield(k) end}).field",
                    "setmetatable({}, {__lt = function(a, b) return coroutine.yield('lt') end}) < 1",
                    "setmetatable({}, {__concat = function(a, b) return coroutine.yield('cc') end}) .. 'x' .. 1",
                    "setmetatable({}, {__eq = function(a, b) return coroutine.yield('eq') end}) == {}",
                    "setmetatable({}, {__len = function(a) return coroutine.yield('len') end})",
                    "setmetatable({}, {__call = function(a, b) return coroutine.yield('call') end})(2)",
                    "(function() for v in function() return coroutine.yield('it') end do return v end end)()",
                    "(function() local c <close> = setmetatable({}, {__close = function() coroutine.yield('cl') end}) return 4 end)()",
                    "select('#', xpcall(function() coroutine.yield('x') error({}) end, function() return 1 end))",
                    "coroutine.wrap(function() coroutine.yield('in') end)()",
                    "table.unpack({coroutine.yield('u')})",
                    "coroutine.yield(coroutine.yield(1))",
                ]);
                let head = if inner.starts_with("setmetatable({}, {__len") { "#" } else { "" };
                let end = if often { "" } else { "P(coroutine.status(@))" };
                let show = if often {
                    "HC = HC + select('#', coroutine.resume(@, q))"
                } else {
                    "P(coroutine.resume(@, q))"
                };
                statement![
                    format!("do local {co} = coroutine.create(function() local v = {head}{inner} return v, "),
                    value,
                    format!(
                        " end) for q = 1, 4 do {} end {} end",
                        show.replace('@', &co),
                        end.replace('@', &co)
                    )
                ]
            }
        }
    }

    fn closing(&mut self, often: bool) -> Node {
        let c = self.fresh("c");
        self.pay(5);
        let note = if often { "HC = HC + 1" } else { "P('close', e)" };
        let act = match self.random.below(6) {
            0 => format!("{note} error('in close')"),
            1 => format!("{note} GN = 3"),
            _ => note.to_string(),
        };
        let declaration = statement![format!(
            "local {c} <close> = setmetatable({{}}, {{__close = function(o, e) {act} end}})"
        )];
        let function = self.random.chance(40);
        let saved = self.context.clone();
        if function {
            self.context.loops = 0;
            self.context.label = None;
            self.context.vararg = false;
        }
        let mut body = vec![declaration];
        for _ in 0..2 {
            let made = self.block(1);
            body.push(statement!["do", made, "end"]);
        }
        if self.random.chance(20) {
            body.push(statement!["local d <close> = nil"]);
        }
        let (exit, jumps) = match self.random.below(5) {
            0 if self.context.loops > 0 => (statement!["break"], false),
            1 => (statement!["error('leaving')"], false),
            2 => (statement!["goto out"], true),
            3 => (statement!["local x <close> = 42"], false),
            _ => (statement!["HC = HC + 1"], false),
        };
        let condition = self.expression(Type::Bool, 2);
        body.push(statement!["if ", condition, " then", Node::block(vec![exit]), "end"]);
        self.context = saved;
        // The label stands in a block around: jumping there closes the variable.
        let end = if jumps { "end ::out:: end" } else { "end end" };
        if function {
            // Not the length of what `tostring` gives: an error value may be a table, whose text is an address.
            return statement![
                "HC = HC + (math.tointeger(select(2, pcall(function() do do",
                Node::block(body),
                end,
                " end))) or 1)"
            ];
        }
        statement!["do do", Node::block(body), end]
    }

    /// Closures that capture variables of a loop.
    fn captured(&mut self) -> Node {
        let (fs, k) = (self.fresh("fs"), self.fresh("k"));
        self.pay(20);
        let value = {
            self.variables.push(super::Variable { name: k.clone(), ty: Type::Int, writable: false });
            let value = self.expression(Type::Int, 2);
            self.variables.pop();
            value
        };
        let Some(sink) = self.variable(Type::Int, true) else { return self.assignment_or_trace() };
        let value: Node = expression![value];
        statement![
            format!("do local {fs} = {{}} for {k} = 1, 3 do local u = "),
            value,
            format!(
                " {fs}[{k}] = function(d) u = u + (d or 1) return u end {fs}[{k} + 3] = function() return u end end for {k} = 1, 3 do {fs}[{k}]({k}) {sink} = {sink} + {fs}[{k} + 3]() end end"
            )
        ]
    }
}
