//! Statements: assignments, control flow, loops that run often and loops that run a few times.

use super::{Function, Generator, Type, prefix};
use crate::tree::{Node, Part, expression, statement};

impl Generator<'_> {
    /// A statement.
    pub(super) fn statement(&mut self) -> Node {
        self.pay(1);
        let deep = self.context.depth >= 5 || !self.affords(20);
        let nested = if deep { 0 } else { 1 };
        let hot = if deep || self.times > 3 || self.level > 2 { 0 } else { 1 };
        let quiet = if hot > 0 && self.has("quiet") && self.affords(700) { 1 } else { 0 };
        let held = if hot > 0 && self.times == 1 && self.has("held") && self.affords(500) { 1 } else { 0 };
        let inside = u32::from(self.context.hot.is_some());
        let looped = u32::from(self.context.loops > 0);
        match self.random.weighted(&[
            30,          // assignment
            10,          // field
            12,          // array
            8,           // declaration
            6,           // several at once
            12 * nested, // if
            8 * nested,  // small for
            5 * nested,  // while, repeat
            14 * hot,    // hot loop
            5 * looped,  // jump out of or around in the loop
            4,           // trace
            10 * inside, // disturbance
            5,           // call
            4 * nested,  // function
            5 * nested,  // generic for
            18 * nested, // features
            2,           // return
            20 * quiet,  // quiet loop
            4 * held,    // waiting frames
        ]) {
            0 => self.assignment(),
            1 => self.field(),
            2 => self.array(),
            3 => {
                let ty = self.any_type();
                self.declare(ty)
            }
            4 => self.several(),
            5 => self.branch(),
            6 => self.small_for(),
            7 => self.counted(),
            8 => self.hot_loop(),
            9 => self.jump(),
            10 => self.trace_now_and_then(),
            11 => self.disturbance(),
            12 => self.call_statement(),
            13 => self.function(),
            14 => self.generic_for(),
            15 => self.feature(),
            17 => self.quiet(),
            18 => self.held(),
            _ => self.early_return(),
        }
    }

    /// `local v = …`.
    pub(super) fn declare(&mut self, ty: Type) -> Node {
        let value = if self.random.chance(60) { self.expression(ty, 1) } else { self.initial(ty) };
        if self.random.chance(7) {
            let name = self.bring(ty, false, prefix(ty));
            return statement![format!("local {name} <const> = "), value];
        }
        let name = self.bring(ty, true, prefix(ty));
        statement![format!("local {name} = "), value]
    }

    pub(super) fn assignment(&mut self) -> Node {
        let ty = self.scalar();
        let Some(name) = self.variable(ty, true) else { return self.declare(ty) };
        let value = self.expression(ty, 0);
        if ty == Type::Text {
            return statement![format!("{name} = ("), value, "):sub(-12)"];
        }
        statement![format!("{name} = "), value]
    }

    fn field(&mut self) -> Node {
        let Some(r) = self.variable(Type::Record, false) else { return self.assignment() };
        let (field, ty) = self.random.pick(&[
            ("x", Type::Int),
            ("x", Type::Int),
            ("y", Type::Float),
            ("n", Type::Number),
            ("s", Type::Text),
        ]);
        let value = self.expression(ty, 1);
        match self.random.below(8) {
            0 if ty == Type::Int => statement![format!("{r}.{field} = {r}.{field} + "), value],
            1 => statement![format!("rawset({r}, '{field}', "), value, ")"],
            _ if ty == Type::Text => statement![format!("{r}.{field} = ("), value, "):sub(1, 12)"],
            _ => statement![format!("{r}.{field} = "), value],
        }
    }

    fn array(&mut self) -> Node {
        let kind = self.random.pick(&[Type::Ints, Type::Ints, Type::Numbers, Type::Holes]);
        let Some(t) = self.variable(kind, false) else { return self.assignment() };
        let element = match kind {
            Type::Ints => Type::Int,
            Type::Numbers => Type::Number,
            _ => self.random.pick(&[Type::Int, Type::Number, Type::Text, Type::Bool]),
        };
        let value = if kind == Type::Holes || self.random.chance(40) {
            let value = self.expression(element, 1);
            if kind == Type::Holes { value } else { expression!["(", value, " or 1)"] }
        } else {
            self.solid(element)
        };
        if kind == Type::Holes {
            let key = match self.random.below(4) {
                0 => self.leaf(Type::Int),
                1 => {
                    let i = self.int_leaf();
                    expression!["(", i, ") % 30 - 3"]
                }
                2 => expression![self.random.pick(&["1.0", "2^53", "'k'", "true", "-1", "0", "0.5", "-0.0"])],
                _ => expression![self.random.range(-2, 24).to_string()],
            };
            let value = if self.random.chance(15) { expression!["nil"] } else { value };
            return statement![format!("{t}["), key, "] = ", value];
        }
        match self.random.below(12) {
            0 if value.calls() => {
                statement![format!("if #{t} < 40 then local v = "), value, format!(" {t}[#{t} + 1] = v end")]
            }
            0 => statement![format!("if #{t} < 40 then {t}[#{t} + 1] = "), value, " end"],
            1 => statement![format!("if #{t} > 1 then {t}[#{t}] = nil end")],
            2 => statement![format!("if #{t} < 40 then table.insert({t}, "), value, ") end"],
            3 => statement![format!("if #{t} < 40 then table.insert({t}, 1, "), value, ") end"],
            4 => statement![
                format!("if #{t} > 2 then table.remove({t}, "),
                self.random.pick(&["1", "2", "nil"]),
                ") end"
            ],
            5 => statement![format!(
                "pcall(table.sort, {t}{})",
                self.random.pick(&["", ", function(a, b) return a > b end"])
            )],
            6 => statement![format!("table.move({t}, 1, #{t} // 2, 2)")],
            _ => {
                // The index is computed before the value, and what is called may shorten the array: its
                // border would be anybody's guess.
                let i = self.index(&t);
                if value.calls() {
                    statement!["do local v = ", value, format!(" {t}["), i, "] = v end"]
                } else {
                    statement![format!("{t}["), i, "] = ", value]
                }
            }
        }
    }

    fn int_leaf(&mut self) -> Node {
        match self.context.hot.clone() {
            Some((i, _)) if self.random.chance(50) => expression![i],
            _ => self.leaf(Type::Int),
        }
    }

    /// More variables at once than fit into seven bits: results of a call, or a loop's.
    fn wide(&mut self) -> Node {
        let n = self.random.range(120, 190);
        let names: Vec<String> = (1..=n).map(|i| format!("w{i}")).collect();
        let names = names.join(", ");
        if self.random.chance(40) {
            return statement![format!(
                "for {names} in function(_, c) c = c + 1 if c < 9 then return c, {n} end end, nil, 0 do P(w1, w2, w{n}) w{n} = 7 end"
            )];
        }
        let (a, b) = (self.expression(Type::Int, 2), self.expression(Type::Number, 2));
        statement![
            format!(
                "for _ = 1, 9 do P((function(f, a, b) local {names} = f(a, b) local last = w{n} w{n} = 7 return w1, w2, last end)(function(...) return ... end, "
            ),
            a,
            ", ",
            b,
            ")) end"
        ]
    }

    fn several(&mut self) -> Node {
        if self.random.chance(2) {
            return self.wide();
        }
        match self.random.below(3) {
            0 => {
                let ty = self.scalar();
                let (Some(a), Some(b)) = (self.variable(ty, true), self.variable(ty, true)) else {
                    return self.assignment();
                };
                statement![format!("{a}, {b} = {b}, {a}")]
            }
            1 => {
                let types = [self.scalar(), self.scalar()];
                let values: Vec<Node> = types.iter().map(|&ty| self.expression(ty, 2)).collect();
                let names: Vec<String> = types.iter().map(|&ty| self.bring(ty, true, prefix(ty))).collect();
                statement![format!("local {} = ", names.join(", ")), Node::list(values, ", ")]
            }
            _ => {
                let types = [self.scalar(), self.scalar(), self.scalar()];
                let values: Vec<Node> = types.iter().map(|&ty| self.expression(ty, 2)).collect();
                let mut names = Vec::new();
                for ty in types {
                    match self.variable(ty, true) {
                        Some(name) if ty != Type::Text => names.push(name),
                        _ => names.push("GN".to_string()),
                    }
                }
                statement![format!("{} = ", names.join(", ")), Node::list(values, ", ")]
            }
        }
    }

    fn branch(&mut self) -> Node {
        let condition = self.expression(Type::Bool, 0);
        let count = self.random.range(1, 3);
        let body = self.block(count);
        let mut out = statement!["if ", condition, " then", body];
        if self.random.chance(15) {
            let condition = self.expression(Type::Bool, 1);
            let body = self.block(1);
            out.parts.extend([Part::from("elseif "), condition.into(), " then".into(), body.into()]);
        }
        if self.random.chance(45) {
            let count = self.random.range(1, 2);
            out.parts.extend([Part::from("else"), self.block(count).into()]);
        }
        out.parts.push("end".into());
        out
    }

    /// Makes the body of a loop that turns `turns` times, with the given variables in scope.
    pub(super) fn looped(
        &mut self,
        turns: u64,
        hot: Option<&str>,
        variables: &[(&str, Type)],
        count: i64,
    ) -> Node {
        let saved = self.context.clone();
        let times = self.times;
        self.times *= turns.max(1);
        self.context.loops += 1;
        if let Some(name) = hot {
            self.context.hot = Some((name.to_string(), turns as i64));
        }
        let label = self.random.chance(20).then(|| self.fresh("L"));
        self.context.label = label.clone();
        let mark = (self.variables.len(), self.functions.len());
        for (name, ty) in variables {
            // The index is not assigned to: nobody could say how often the loop turns.
            self.variables.push(super::Variable { name: name.to_string(), ty: *ty, writable: false });
        }
        let mut body = vec![];
        let inner = self.block(count);
        match label {
            // A block of its own: `goto` must not jump into the scope of a local.
            Some(label) => {
                body.push(statement!["do", inner, "end"]);
                body.push(statement![format!("::{label}::")]);
            }
            None => body.extend(inner.parts.into_iter().filter_map(|p| match p {
                Part::Node(node) => Some(node),
                Part::Text(_) => None,
            })),
        }
        self.variables.truncate(mark.0);
        self.functions.truncate(mark.1);
        self.context = saved;
        self.times = times;
        Node::block(body)
    }

    /// A loop that turns often enough to be compiled.
    pub(super) fn hot_loop(&mut self) -> Node {
        let i = self.fresh("i");
        let turns = self.random.pick(&[30, 60, 60, 100, 100, 150, 220]);
        let count = self.random.range(self.size.hot.0, self.size.hot.1);
        self.pay(2);
        match self.random.weighted(&[50, 12, 10, 6, 6, 6, 10]) {
            0 => {
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], count);
                match self.random.below(5) {
                    0 => statement![format!("for {i} = {turns}, 1, -1 do"), body, "end"],
                    1 => statement![format!("for {i} = 0, {}, 3 do", turns * 3 - 1), body, "end"],
                    2 => {
                        let low = self.random.range(-50, 50);
                        statement![format!("for {i} = {low}, {} do", low + turns as i64 - 1), body, "end"]
                    }
                    _ => statement![format!("for {i} = 1, {turns} do"), body, "end"],
                }
            }
            1 => {
                let body = self.looped(turns, None, &[(&i, Type::Float)], count);
                let head = match self.random.below(4) {
                    0 => format!("for {i} = 1.0, {turns} do"),
                    1 => format!("for {i} = 0, {}, 0.5 do", turns as f64 / 2.0 - 0.5),
                    2 => format!("for {i} = {turns}.5, 1, -1 do"),
                    _ => format!("for {i} = 0.0, 1, {:?} do", 1.0 / turns as f64),
                };
                statement![head, body, "end"]
            }
            2 => {
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], count);
                statement![format!("do local {i} = 0 while {i} < {turns} do {i} = {i} + 1"), body, "end end"]
            }
            3 => {
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], count);
                statement![
                    format!("do local {i} = 0 repeat {i} = {i} + 1"),
                    body,
                    format!("until {i} >= {turns} end")
                ]
            }
            4 => {
                // An upvalue as counter.
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], count);
                let step = self.fresh("next");
                statement![
                    format!(
                        "do local {i} = 0 local function {step}() {i} = {i} + 1 return {i} <= {turns} end while {step}() do"
                    ),
                    body,
                    "end end"
                ]
            }
            5 => {
                let body = self.looped(turns, Some(&i), &[(&i, Type::Int)], count);
                let again = self.fresh("A");
                statement![
                    format!("repeat local {i} = 0 ::{again}:: do {i} = {i} + 1"),
                    body,
                    format!("end if {i} < {turns} then goto {again} end until true")
                ]
            }
            _ => {
                // A function that is called often instead of a loop that turns often.
                let name = self.fresh("hot");
                let returns = self.random.pick(&[Type::Int, Type::Number, Type::Text]);
                let (body, cost) = self.body(&[(i.clone(), Type::Int)], false, returns, count.min(4));
                self.pay(cost * turns / 4);
                let (a, b) = (self.fresh("i"), turns.min(100));
                let sink = self.variable(returns, true).unwrap_or("GN".into());
                statement![
                    format!("do local function {name}({i})"),
                    body,
                    format!("end\nfor {a} = 1, {b} do {sink} = {name}({a}) end end")
                ]
            }
        }
    }

    fn small_for(&mut self) -> Node {
        let i = self.fresh("j");
        let count = self.random.range(1, 3);
        let heads: &[(&str, u64, Type)] = &[
            ("1, 3", 3, Type::Int),
            ("1, 8", 8, Type::Int),
            ("5, 1, -1", 5, Type::Int),
            ("1, 0", 0, Type::Int),
            ("1.0, 3", 3, Type::Float),
            ("1, 2, 0.25", 5, Type::Float),
            ("math.maxinteger - 2, math.maxinteger", 3, Type::Int),
            ("math.mininteger + 2, math.mininteger, -1", 3, Type::Int),
            ("math.mininteger, math.maxinteger, math.maxinteger", 3, Type::Int),
            ("1, math.huge, 1 << 61", 4, Type::Int),
            ("3, 3.9", 1, Type::Int),
            ("-1, -3.5, -1", 3, Type::Int),
            ("1, 0/0", 0, Type::Int),
            ("0.0, 1e300, 4e299", 3, Type::Float),
            ("2^53, 2^53 + 4, 2", 3, Type::Float),
            ("-0.0, 0.0", 1, Type::Float),
        ];
        let (head, turns, ty) = self.random.pick(heads);
        let body = self.looped(turns, None, &[(&i, ty)], count);
        statement![format!("for {i} = {head} do"), body, "end"]
    }

    fn counted(&mut self) -> Node {
        let fuel = self.fresh("w");
        let turns = self.random.range(2, 8);
        let condition = self.expression(Type::Bool, 1);
        let count = self.random.range(1, 3);
        let body = self.looped(turns as u64, None, &[], count);
        match self.random.below(3) {
            0 => statement![
                format!("do local {fuel} = 0 while {fuel} < {turns} and "),
                condition,
                format!(" do {fuel} = {fuel} + 1"),
                body,
                "end end"
            ],
            1 => statement![
                format!("do local {fuel} = 0 repeat local {fuel}x = {fuel} + 1; {fuel} = {fuel}x"),
                body,
                format!("until {fuel}x >= {turns} or "),
                condition,
                " end"
            ],
            _ => statement![
                format!("do local {fuel} = 0 while true do {fuel} = {fuel} + 1 if {fuel} > {turns} or "),
                condition,
                " then break end",
                body,
                "end end"
            ],
        }
    }

    fn generic_for(&mut self) -> Node {
        let (k, v) = (self.fresh("k"), self.fresh("v"));
        let count = self.random.range(1, 3);
        match self.random.below(7) {
            0 => {
                let Some(t) = self.variable(Type::Ints, false) else { return self.small_for() };
                let body = self.looped(10, None, &[(&k, Type::Int), (&v, Type::Int)], count);
                statement![format!("for {k}, {v} in ipairs({t}) do if {k} > 60 then break end"), body, "end"]
            }
            1 => {
                // The order of `pairs` is nobody's business: only sums and counts leave the loop.
                let ty = self.random.pick(&[Type::Ints, Type::Record, Type::Holes, Type::Meta]);
                let Some(t) = self.variable(ty, false) else { return self.small_for() };
                let sum = self.bring(Type::Int, true, "i");
                statement![format!(
                    "local {sum} = 0 for {k}, {v} in pairs({t}) do {sum} = {sum} + (math.type({v}) == 'integer' and {v} or 1) + #tostring({k}) end"
                )]
            }
            2 => {
                let turns = self.random.pick(&[4, 9, 60]);
                if !self.affords(turns * 6) {
                    return self.small_for();
                }
                let body = self.looped(turns, None, &[(&v, Type::Int)], count);
                statement![
                    format!(
                        "for {v} in (function() local c = 0 return function() c = c + 1 if c <= {turns} then return c end end end)() do"
                    ),
                    body,
                    "end"
                ]
            }
            3 => {
                let turns = self.random.pick(&[3, 5, 40]);
                if !self.affords(turns * 6) {
                    return self.small_for();
                }
                let body = self.looped(turns, None, &[(&k, Type::Int), (&v, Type::Int)], count);
                statement![
                    format!(
                        "for {k}, {v} in function(n, c) if c < n then return c + 1, c * 2 end end, {turns}, 0 do"
                    ),
                    body,
                    "end"
                ]
            }
            4 if self.has("coroutines") => {
                let body = self.looped(4, None, &[(&v, Type::Int)], count);
                statement![
                    format!(
                        "for {v} in coroutine.wrap(function() for c = 1, 4 do coroutine.yield(c) end end) do"
                    ),
                    body,
                    "end"
                ]
            }
            5 if self.has("close") => {
                let body = self.looped(3, None, &[(&v, Type::Int)], count);
                statement![
                    format!(
                        "for {v} in function(_, c) c = c + 1 if c <= 3 then return c end end, nil, 0, setmetatable({{}}, {{__close = function(_, e) GN = 1; HC = HC + 1; P('closed', e) end}}) do"
                    ),
                    body,
                    "end"
                ]
            }
            _ => {
                let text = self.leaf(Type::Text);
                let body = self.looped(4, None, &[(&v, Type::Text)], count);
                statement![format!("for {v} in string.gmatch("), text, ", '[%w ]') do", body, "end"]
            }
        }
    }

    fn jump(&mut self) -> Node {
        let condition = match self.context.hot.clone() {
            Some((i, turns)) if self.random.chance(60) => {
                let at = self.random.range(turns / 3, turns);
                expression![format!("{i} == {at}")]
            }
            _ => self.expression(Type::Bool, 1),
        };
        match &self.context.label {
            Some(label) if self.random.chance(60) => {
                statement!["if ", condition, format!(" then goto {label} end")]
            }
            _ => statement!["if ", condition, " then break end"],
        }
    }

    /// Prints variables in scope.
    pub(super) fn trace(&mut self) -> Node {
        self.pay(4);
        let recent = self.variables.len();
        let mut names: Vec<String> = Vec::new();
        for _ in 0..self.random.range(3, 9) {
            let at = if self.random.chance(70) {
                recent - 1 - self.random.below(recent.min(8))
            } else {
                self.random.below(recent)
            };
            let name = &self.variables[at].name;
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let list = names.into_iter().map(|name| expression![name]).collect();
        statement!["P(", Node::list(list, ", "), ")"]
    }

    pub(super) fn trace_now_and_then(&mut self) -> Node {
        match self.context.hot.clone() {
            Some((i, _)) => {
                let times = self.times;
                self.times = (times / 30).max(1);
                let print = self.trace();
                self.times = times;
                let n = self.random.pick(&[17, 29, 31, 50]);
                statement![format!("if {i} % {n} == 3 then"), Node::block(vec![print]), "end"]
            }
            None if self.times > 8 => self.assignment(),
            None => self.trace(),
        }
    }

    fn call_statement(&mut self) -> Node {
        let fitting: Vec<usize> =
            (0..self.functions.len()).filter(|&i| self.affords(self.functions[i].cost + 1)).collect();
        if fitting.is_empty() {
            return self.assignment();
        }
        let function: Function = self.functions[self.random.pick(&fitting)].clone();
        self.pay(function.cost + 1);
        let call = self.call_of(&function);
        if self.random.chance(30) && self.times < 20 { statement!["P(", call, ")"] } else { statement![call] }
    }

    fn early_return(&mut self) -> Node {
        let Some(ty) = self.context.returns else { return self.assignment() };
        let condition = match self.context.hot.clone() {
            Some((i, turns)) => expression![format!("{i} == {}", turns - 3)],
            None if self.random.chance(50) => self.expression(Type::Bool, 1),
            None => return self.assignment(),
        };
        let value = self.leaf(ty);
        statement!["if ", condition, " then return ", value, " end"]
    }
}
