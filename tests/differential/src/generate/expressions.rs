//! Expressions by type.

use super::{Generator, Type};
use crate::tree::{Node, expression};

const INTEGERS: &[&str] = &[
    "0",
    "1",
    "1",
    "2",
    "2",
    "3",
    "3",
    "5",
    "7",
    "10",
    "-1",
    "-2",
    "-7",
    "127",
    "128",
    "-127",
    "-128",
    "255",
    "256",
    "65535",
    "65536",
    "-65536",
    "131072",
    "0x7fffffff",
    "0x80000000",
    "1000003",
    "9007199254740993",
    "math.maxinteger",
    "math.mininteger",
    "0x7fffffffffffffff",
];

const FLOATS: &[&str] = &[
    "0.0",
    "-0.0",
    "1.0",
    "0.5",
    "-1.5",
    "2.0",
    "3.0",
    "0.1",
    "100.0",
    "127.0",
    "128.0",
    "-128.0",
    "65535.0",
    "65536.0",
    "1e15",
    "2^53",
    "-2^63",
    "2^63",
    "1e308",
    "-1e308",
    "5e-324",
    "(1/0)",
    "(-1/0)",
    "(0/0)",
    "math.pi",
    "math.huge",
    "1e100",
    "1e14",
    "2^48",
    "-987654321098765.0",
];

const TEXTS: &[&str] = &[
    "''",
    "'a'",
    "'b'",
    "'abc'",
    "'10'",
    "'0x10'",
    "' 7 '",
    "'1e1'",
    "'-3.5'",
    "'x y'",
    "'h\\0i'",
    "'\\xff\\xfe'",
    "'%d'",
    "'a,b,c'",
    "'a string that is longer than forty characters, as it goes'",
    "'x'",
    "'n'",
    "'y'",
];

/// Texts that are alike up to a zero byte.
const ZEROS: &[&str] =
    &["'h\\0i'", "'h\\0j'", "'h\\0'", "'h'", "'h\\0i\\0k'", "'h\\0i\\0l'", "'\\0'", "'\\0\\0'"];

impl Generator<'_> {
    /// An expression of the type.
    pub(super) fn expression(&mut self, ty: Type, depth: u32) -> Node {
        if depth > 0 && self.has("wild") && self.random.below(400) == 0 {
            let other = self.any_type();
            if let Some(name) = self.variable(other, false) {
                return expression![name];
            }
        }
        match ty {
            Type::Int => self.int(depth),
            Type::Float => self.float(depth),
            Type::Number => self.number(depth),
            Type::Text => self.text(depth),
            Type::Bool => self.boolean(depth),
            _ => self.table(ty),
        }
    }

    /// A value that a variable of the type may begin with.
    pub(super) fn initial(&mut self, ty: Type) -> Node {
        match ty {
            Type::Int => expression![self.random.range(-20, 100).to_string()],
            Type::Float => expression![self.random.pick(FLOATS)],
            Type::Number => self.literal_number(),
            Type::Text => expression![self.random.pick(TEXTS)],
            Type::Bool => expression![self.random.pick(&["true", "false"])],
            _ => self.constructor(ty),
        }
    }

    /// An existing table of the type, mostly.
    fn table(&mut self, ty: Type) -> Node {
        if self.random.chance(80)
            && let Some(name) = self.variable(ty, false)
        {
            return expression![name];
        }
        self.constructor(ty)
    }

    fn constructor(&mut self, ty: Type) -> Node {
        let count = self.random.range(1, 14);
        match ty {
            Type::Ints => {
                let items = (0..count).map(|_| self.solid(Type::Int)).collect();
                expression!["{", Node::list(items, ", "), "}"]
            }
            Type::Numbers => {
                let items = (0..count).map(|_| self.solid(Type::Number)).collect();
                expression![
                    "{",
                    Node::list(items, ", "),
                    self.random.pick(&["", "", ", [0] = 4", ", k = 1.5"]),
                    "}"
                ]
            }
            Type::Holes => {
                let mut items = Vec::new();
                for _ in 0..count {
                    if self.random.chance(30) {
                        items.push(expression!["nil"]);
                    } else {
                        let ty = self.random.pick(&[Type::Int, Type::Number, Type::Text]);
                        let value = self.leaf(ty);
                        let key = self.random.range(-3, 20);
                        items.push(if self.random.chance(30) {
                            expression![format!("[{key}] = "), value]
                        } else {
                            value
                        });
                    }
                }
                expression!["{", Node::list(items, ", "), "}"]
            }
            Type::Meta => {
                let v = self.leaf(Type::Int);
                expression!["setmetatable({v = ", v, "}, MT)"]
            }
            _ => {
                let (x, y, n, s) = (
                    self.leaf(Type::Int),
                    self.leaf(Type::Float),
                    self.leaf(Type::Number),
                    self.leaf(Type::Text),
                );
                match self.random.below(4) {
                    0 => expression!["{n = ", n, ", s = ", s, ", x = ", x, ", y = ", y, "}"],
                    1 => expression![
                        "setmetatable({x = ",
                        x,
                        ", y = ",
                        y,
                        ", n = ",
                        n,
                        ", s = ",
                        s,
                        "}, Class)"
                    ],
                    _ => expression!["{x = ", x, ", y = ", y, ", n = ", n, ", s = ", s, "}"],
                }
            }
        }
    }

    fn literal_number(&mut self) -> Node {
        let list = if self.random.chance(50) { INTEGERS } else { FLOATS };
        expression![self.random.pick(list)]
    }

    /// A small expression without calls.
    pub(super) fn leaf(&mut self, ty: Type) -> Node {
        if self.random.chance(65)
            && let Some(name) = self.variable(ty, false)
        {
            return expression![name];
        }
        match ty {
            Type::Int if self.random.chance(15) => match self.variable(Type::Record, false) {
                // Through the metatables, if it has one: what these hold may change.
                Some(r) if self.random.chance(30) => expression![format!("({r}.absent or 5)")],
                Some(r) => expression![format!("{r}.x")],
                None => expression!["4"],
            },
            Type::Int if self.random.chance(70) => expression![self.random.range(-9, 30).to_string()],
            Type::Int => expression![self.random.pick(INTEGERS)],
            Type::Float if self.random.chance(15) => match self.variable(Type::Record, false) {
                Some(r) => expression![format!("{r}.y")],
                None => expression!["4.5"],
            },
            Type::Number if self.random.chance(40) => {
                let ty = self.random.pick(&[Type::Int, Type::Float]);
                self.leaf(ty)
            }
            _ => self.initial(ty),
        }
    }

    /// A small expression that is never nil, for sequences: a hole would make the length anybody's guess.
    pub(super) fn solid(&mut self, ty: Type) -> Node {
        match self.random.below(5) {
            0 => expression![self.random.range(-9, 130).to_string()],
            1 => {
                let list = if ty == Type::Int { INTEGERS } else { FLOATS };
                expression![self.random.pick(list)]
            }
            2 => {
                let e = self.leaf(ty);
                expression!["(", e, " or 1)"]
            }
            _ => {
                let (a, b) = (self.leaf(ty), self.leaf(ty));
                let op = self.random.pick(&["+", "-", "*"]);
                expression!["(", a, format!(" {op} "), b, ")"]
            }
        }
    }

    /// An index that is in the array, for one that has at least one element.
    pub(super) fn index(&mut self, array: &str) -> Node {
        match self.random.below(6) {
            0 => expression!["1"],
            1 => expression![format!("#{array}")],
            2 => {
                let e = self.int(3);
                expression![e, format!(" % #{array} + 1")]
            }
            _ => match self.context.hot.clone() {
                Some((i, _)) => expression![format!("{i} % #{array} + 1")],
                None => expression![format!("{} % #{array} + 1", self.random.range(0, 9))],
            },
        }
    }

    fn call(&mut self, ty: Type) -> Option<Node> {
        let fitting: Vec<usize> = (0..self.functions.len())
            .filter(|&i| self.functions[i].returns == ty && self.affords(self.functions[i].cost + 1))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let function = self.functions[self.random.pick(&fitting)].clone();
        self.pay(function.cost + 1);
        Some(self.call_of(&function))
    }

    /// A call of a function with fitting arguments, now and then too many or too few.
    pub(super) fn call_of(&mut self, function: &super::Function) -> Node {
        let mut arguments: Vec<Node> = function.params.iter().map(|&ty| self.leaf(ty)).collect();
        if self.random.below(40) == 0 {
            arguments.pop();
        }
        if function.vararg || self.random.below(20) == 0 {
            for _ in 0..self.random.range(0, 3) {
                let ty = self.scalar();
                arguments.push(self.leaf(ty));
            }
            if self.context.vararg && self.random.chance(30) {
                arguments.push(expression!["..."]);
            }
        }
        expression![&function.name, "(", Node::list(arguments, ", "), ")"]
    }

    fn int(&mut self, depth: u32) -> Node {
        if depth >= 3 || self.random.chance(25) {
            return self.leaf(Type::Int);
        }
        let d = depth + 1;
        match self.random.weighted(&[40, 8, 10, 6, 6, 10, 5, 8, 8, 4, 4]) {
            0 => {
                let op = self.random.pick(&["+", "-", "*", "+", "-", "&", "|", "~", "<<", ">>"]);
                let (a, b) =
                    (self.int(d), if self.random.chance(50) { self.leaf(Type::Int) } else { self.int(d) });
                expression!["(", a, format!(" {op} "), b, ")"]
            }
            1 => {
                let op = self.random.pick(&["//", "%"]);
                let a = self.int(d);
                if self.random.below(30) == 0 {
                    let b = self.leaf(Type::Int);
                    return expression!["(", a, format!(" {op} "), b, ")"];
                }
                let b = self.random.pick(&[
                    "1",
                    "2",
                    "3",
                    "7",
                    "-1",
                    "-3",
                    "16",
                    "1000",
                    "math.mininteger",
                    "-128",
                ]);
                expression!["(", a, format!(" {op} {b})")]
            }
            2 => {
                let a = self.int(d);
                expression![self.random.pick(&["-(", "~(", "-(~", "~(-"]), " ", a, ")"]
            }
            3 => {
                let ty = self.random.pick(&[Type::Ints, Type::Numbers, Type::Text, Type::Meta]);
                match self.variable(ty, false) {
                    Some(name) => expression![format!("#{name}")],
                    None => self.leaf(Type::Int),
                }
            }
            4 => {
                let (c, a, b) = (self.boolean(d), self.int(d), self.int(d));
                expression!["(", c, " and ", a, " or ", b, ")"]
            }
            5 => match self.variable(Type::Ints, false) {
                Some(name) => {
                    let i = self.index(&name);
                    expression![format!("{name}["), i, "]"]
                }
                None => self.leaf(Type::Int),
            },
            6 => match self.variable(Type::Holes, false) {
                Some(name) => {
                    let k = self.int(d);
                    expression![format!("(math.tointeger({name}["), k, "]) or 2)"]
                }
                None => self.leaf(Type::Int),
            },
            7 => self.meta_operation(d),
            8 => self.call(Type::Int).unwrap_or_else(|| self.leaf(Type::Int)),
            9 => match self.variable(Type::Record, false) {
                Some(name) => match self.random.below(4) {
                    0 => expression![format!("{name}.x")],
                    1 => expression![format!("{name}['x']")],
                    2 => expression![format!("(rawget({name}, 'x') or 3)")],
                    _ => expression![format!("({name}.absent or 5)")],
                },
                None => self.leaf(Type::Int),
            },
            _ => self.standard_call(Type::Int, d),
        }
    }

    /// A condition that in a hot loop is true in some rounds, and false in others.
    fn now_and_then(&mut self, d: u32) -> Node {
        let Some((i, _)) = self.context.hot.clone() else { return self.boolean(d) };
        let every = self.random.range(2, 5);
        expression![format!("({i} % {every} == 1)")]
    }

    /// Arithmetic with an object that has metamethods; gives an integer.
    fn meta_operation(&mut self, d: u32) -> Node {
        let Some(m) = self.variable(Type::Meta, false) else { return self.leaf(Type::Int) };
        self.pay(3);
        let op = self.random.pick(&["+", "-", "*", "/", "//", "%", "^", "&", "|", "~", "<<", ">>"]);
        match self.random.below(9) {
            // Now and then the operand is something that needs no metamethod.
            7 => {
                let (c, text) = (self.now_and_then(d), self.leaf(Type::Text));
                expression!["#(", c, format!(" and {m} or "), text, ")"]
            }
            8 => {
                let op = self.random.pick(&["+", "-", "*", "&", "|", "~", "<<", ">>"]);
                let (c, a, b) = (self.now_and_then(d), self.leaf(Type::Int), self.leaf(Type::Int));
                expression!["((", c, format!(" and {m} or "), a, format!(") {op} "), b, ")"]
            }
            0 => expression![format!("#{m}")],
            1 => expression![self.random.pick(&["-", "~"]), m],
            2 => {
                let a = self.int(d);
                expression![format!("{m}("), a, ")"]
            }
            3 => {
                let key = self.random.pick(&["v", "foo", "bar", "w"]);
                expression![format!("{m}.{key}")]
            }
            4 => {
                let a = self.leaf(Type::Number);
                expression!["(", a, format!(" {op} {m})")]
            }
            5 => {
                let b = self.leaf(Type::Text);
                expression![format!("({m} {op} "), b, ")"]
            }
            _ => {
                let b = self.leaf(Type::Number);
                expression![format!("({m} {op} "), b, ")"]
            }
        }
    }

    fn float(&mut self, depth: u32) -> Node {
        if depth >= 3 || self.random.chance(30) {
            return self.leaf(Type::Float);
        }
        let d = depth + 1;
        match self.random.weighted(&[25, 15, 10, 8, 5, 10, 6, 8]) {
            0 => {
                let op = self.random.pick(&["+", "-", "*", "/", "+", "-", "*", "%", "//", "^"]);
                let (a, b) = (self.float(d), self.number(d));
                if self.random.chance(50) {
                    expression!["(", a, format!(" {op} "), b, ")"]
                } else {
                    expression!["(", b, format!(" {op} "), a, ")"]
                }
            }
            1 => {
                let a = self.number(d);
                let c = self.random.pick(&["1.5", "0.5", "2.0", "-1.0", "0.0", "1e10", "3.7"]);
                let op = self.random.pick(&["+", "-", "*", "/", "%", "//"]);
                expression!["(", a, format!(" {op} {c})")]
            }
            2 => {
                let (a, b) = (self.int(d), self.leaf(Type::Int));
                expression!["(", a, self.random.pick(&[" / ", " ^ "]), b, ")"]
            }
            3 => {
                let a = self.float(d);
                expression!["-(", a, ")"]
            }
            4 => {
                let (c, a, b) = (self.boolean(d), self.float(d), self.float(d));
                expression!["(", c, " and ", a, " or ", b, ")"]
            }
            5 => self.call(Type::Float).unwrap_or_else(|| self.leaf(Type::Float)),
            6 => match self.variable(Type::Record, false) {
                Some(name) => expression![format!("{name}.y")],
                None => self.leaf(Type::Float),
            },
            _ => self.standard_call(Type::Float, d),
        }
    }

    fn number(&mut self, depth: u32) -> Node {
        if depth >= 3 || self.random.chance(25) {
            return self.leaf(Type::Number);
        }
        let d = depth + 1;
        match self.random.weighted(&[15, 15, 25, 10, 4, 6, 6, 3, 6]) {
            0 => self.int(depth),
            1 => self.float(depth),
            2 => {
                let op = self.random.pick(&["+", "-", "*", "+", "-", "/", "%", "//", "^"]);
                let (a, b) = (self.number(d), self.number(d));
                if op == "//" || op == "%" {
                    return expression!["(", a, format!(" {op} (("), b, ") ~= 0 and 3 or 0.5))"];
                }
                expression!["(", a, format!(" {op} "), b, ")"]
            }
            3 => match self.variable(Type::Numbers, false) {
                Some(name) => {
                    let i = self.index(&name);
                    expression![format!("{name}["), i, "]"]
                }
                None => self.leaf(Type::Number),
            },
            4 => {
                let s = self.random.pick(&["'10'", "'0x10'", "'1e1'", "'-3.5'", "' 7 '"]);
                let b = self.leaf(Type::Number);
                let op = self.random.pick(&["+", "-", "*", "/"]);
                if self.random.chance(50) {
                    expression![format!("({s} {op} "), b, ")"]
                } else {
                    expression!["(", b, format!(" {op} {s})")]
                }
            }
            5 => self.call(Type::Number).unwrap_or_else(|| self.leaf(Type::Number)),
            6 => match self.variable(Type::Record, false) {
                Some(name) => expression![format!("{name}.n")],
                None => self.leaf(Type::Number),
            },
            7 => {
                let a = self.number(d);
                expression!["-(", a, ")"]
            }
            _ => self.standard_call(Type::Number, d),
        }
    }

    fn text(&mut self, depth: u32) -> Node {
        if depth >= 2 || self.random.chance(30) {
            return self.leaf(Type::Text);
        }
        let d = depth + 1;
        match self.random.weighted(&[30, 8, 8, 5, 5, 25]) {
            0 => {
                let count = self.random.range(2, 4);
                let mut items = Vec::new();
                for _ in 0..count {
                    let ty =
                        self.random.pick(&[Type::Text, Type::Int, Type::Text, Type::Number, Type::Float]);
                    let e = self.leaf(ty);
                    items.push(expression!["(", e, ")"]);
                }
                expression!["(", Node::list(items, " .. "), ")"]
            }
            1 => self.call(Type::Text).unwrap_or_else(|| self.leaf(Type::Text)),
            2 => match self.variable(Type::Record, false) {
                Some(name) => expression![format!("{name}.s")],
                None => self.leaf(Type::Text),
            },
            3 => match self.variable(Type::Meta, false) {
                Some(m) => {
                    self.pay(3);
                    let e = self.leaf(Type::Text);
                    // An operand that is an object, or now and then something that needs no metamethod.
                    let m = if self.random.chance(50) {
                        expression![m]
                    } else {
                        let (c, other) = (self.now_and_then(d), self.leaf(Type::Text));
                        expression!["(", c, format!(" and {m} or "), other, ")"]
                    };
                    if self.random.chance(50) {
                        expression!["(", m, " .. ", e, ")"]
                    } else {
                        expression!["(", e, " .. ", m, ")"]
                    }
                }
                None => self.leaf(Type::Text),
            },
            4 => {
                let (c, a, b) = (self.boolean(d), self.text(d), self.text(d));
                expression!["(", c, " and ", a, " or ", b, ")"]
            }
            _ => self.standard_call(Type::Text, d),
        }
    }

    fn boolean(&mut self, depth: u32) -> Node {
        let d = depth + 1;
        let compare = ["<", "<=", ">", ">=", "==", "~="];
        match self.random.weighted(&[35, 15, 10, 8, 8, 6, 8, 5, 5, 4]) {
            0 => {
                let ty = self.random.pick(&[Type::Int, Type::Int, Type::Float, Type::Number]);
                let (a, b) = (self.expression(ty, d.max(2)), self.leaf(Type::Number));
                expression!["(", a, format!(" {} ", self.random.pick(&compare)), b, ")"]
            }
            1 => {
                let a = self.number(d.max(2));
                let c = self
                    .random
                    .pick(&["0", "1", "-1", "5", "127", "128", "2.0", "0.5", "-128", "1000", "'k'"]);
                let op = if c == "'k'" { "==" } else { self.random.pick(&compare) };
                if self.random.chance(60) {
                    expression!["(", a, format!(" {op} {c})")]
                } else {
                    expression![format!("({c} {op} "), a, ")"]
                }
            }
            2 => {
                if depth > 2 {
                    return self.leaf(Type::Bool);
                }
                let (a, b) = (self.boolean(d), self.boolean(d));
                expression!["(", a, self.random.pick(&[" and ", " or "]), b, ")"]
            }
            3 => {
                let a = if depth > 2 { self.leaf(Type::Bool) } else { self.boolean(d) };
                expression!["not ", a]
            }
            4 => {
                let zeros = self.random.chance(25);
                let [a, b] = [(); 2].map(|()| match zeros {
                    true => expression![self.random.pick(ZEROS)],
                    false => self.leaf(Type::Text),
                });
                expression!["(", a, format!(" {} ", self.random.pick(&compare)), b, ")"]
            }
            5 => match self.variable(Type::Meta, false) {
                Some(m) => {
                    self.pay(3);
                    // Tables without the metamethods take part: those of the other operand count.
                    let ty = self.random.pick(&[Type::Meta, Type::Int, Type::Meta, Type::Record, Type::Ints]);
                    let other = self.leaf(ty);
                    let op = self.random.pick(&compare);
                    if self.random.chance(50) {
                        expression![format!("({m} {op} "), other, ")"]
                    } else {
                        expression!["(", other, format!(" {op} {m})")]
                    }
                }
                None => self.leaf(Type::Bool),
            },
            6 => self.leaf(Type::Bool),
            7 => {
                let ty = self.any_type();
                let a = self.leaf(ty);
                expression![
                    "(",
                    a,
                    self.random.pick(&[" == nil)", " ~= nil)", " == true)", " == 'x')", " == 1.0)"])
                ]
            }
            8 => self.call(Type::Bool).unwrap_or_else(|| self.leaf(Type::Bool)),
            _ => self.standard_call(Type::Bool, d),
        }
    }
}
