//! The generator: a seed becomes a Lua 5.4 program that ends, prints its values often, and prints the same on every
//! correct implementation.
//!
//! Expressions are made by type, so that most of a program runs through; a few operands of a wrong type are mixed in
//! on purpose. Variables are known with their types and scopes. Every statement has a cost (how often it runs), and a
//! program has a budget, so programs end soon without a counter in every loop; loops whose end is not plain from
//! their form count their turns. What a program may not do: depend on addresses, on the order of `pairs`, on the border
//! of a table with holes, on time, or on the sign of a NaN.

mod expressions;
mod features;
mod functions;
mod held;
mod library;
mod quiet;
mod statements;

use crate::random::Random;
use crate::tree::{Node, statement};

/// The type that an expression or a variable is meant to have. Hot code changes it now and then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// An integer.
    Int,
    /// A float.
    Float,
    /// Either.
    Number,
    /// A short string.
    Text,
    /// A boolean.
    Bool,
    /// A sequence of integers.
    Ints,
    /// A sequence of numbers.
    Numbers,
    /// A table with integer keys and holes, whose length nobody asks for.
    Holes,
    /// A table with the fields x (integer), y (float), n (number), s (string).
    Record,
    /// An object with all metamethods, whose arithmetic gives integers.
    Meta,
}

/// The types of plain values.
const SCALARS: [Type; 5] = [Type::Int, Type::Float, Type::Number, Type::Text, Type::Bool];

/// A variable in scope.
#[derive(Clone, Debug)]
struct Variable {
    name: String,
    ty: Type,
    /// May be assigned to.
    writable: bool,
}

/// A function in scope.
#[derive(Clone, Debug)]
struct Function {
    /// How it is called up to the parenthesis: `f1`, `r2:m3`, `GF4`.
    name: String,
    params: Vec<Type>,
    /// Whether it takes more arguments.
    vararg: bool,
    returns: Type,
    cost: u64,
}

/// What surrounds the place where code is being made.
#[derive(Clone, Default)]
struct Context {
    /// Loops around, in this function.
    loops: u32,
    /// The index of the innermost loop that runs often, with its number of turns.
    hot: Option<(String, i64)>,
    /// The innermost loop's label, if it has one.
    label: Option<String>,
    /// `...` exists.
    vararg: bool,
    /// The code runs inside a coroutine and may yield.
    yields: bool,
    /// Type to return; `None` where a `return` must not stand.
    returns: Option<Type>,
    /// Nesting of blocks.
    depth: u32,
}

/// How large programs are: most are small, so that there can be many.
struct Size {
    /// Statements that one program may execute, roughly.
    budget: u64,
    /// Functions before the sections.
    functions: (i64, i64),
    sections: (i64, i64),
    /// Statements of a section, without its declarations and its hot loop.
    statements: (i64, i64),
    /// Statements of a hot loop.
    hot: (i64, i64),
    /// How much rarer is what takes long.
    rarity: usize,
}

const LARGE: Size =
    Size { budget: 25_000, functions: (1, 5), sections: (2, 4), statements: (3, 9), hot: (2, 7), rarity: 1 };
const SMALL: Size =
    Size { budget: 6_000, functions: (0, 1), sections: (1, 1), statements: (1, 3), hot: (1, 4), rarity: 20 };
/// Of a hundred programs so many are large.
const LARGE_ONES: usize = 2;

/// Parts of a program that can be left out (`--without`), by name.
pub const FEATURES: &[&str] = &[
    "hooks",
    "locals",
    "env",
    "gc",
    "metatables",
    "coroutines",
    "wild",
    "close",
    "deep",
    "traceback",
    "big",
    "quiet",
    "held",
];

/// The generator's state.
pub struct Generator<'a> {
    random: Random,
    without: &'a [String],
    variables: Vec<Variable>,
    functions: Vec<Function>,
    context: Context,
    level: u32,
    next: u32,
    /// The program has finalisers, or else hooks that count.
    finalizers: bool,
    /// How often the code being made runs.
    times: u64,
    spent: u64,
    budget: u64,
    size: &'static Size,
}

/// The program of a seed.
pub fn program(seed: u64, without: &[String]) -> Node {
    let mut random = Random::new(seed);
    let finalizers = random.chance(50);
    let size = if random.chance(LARGE_ONES) { &LARGE } else { &SMALL };
    let mut generator = Generator {
        random,
        finalizers,
        without,
        variables: Vec::new(),
        functions: Vec::new(),
        context: Context::default(),
        level: 1,
        next: 0,
        times: 1,
        spent: 0,
        budget: size.budget,
        size,
    };
    generator.whole()
}

impl Generator<'_> {
    fn whole(&mut self) -> Node {
        let mut out = Vec::new();
        self.variables.push(Variable { name: "HC".into(), ty: Type::Int, writable: true });
        // HC counts what happens on the side; HK is written by hooks only, which must not fail.
        out.push(statement!["HC, HK = 0, 0"]);
        for (name, ty) in [
            ("GI", Type::Int),
            ("GF", Type::Float),
            ("GN", Type::Number),
            ("GS", Type::Text),
            ("GT", Type::Ints),
            ("GR", Type::Record),
        ] {
            let value = self.initial(ty);
            out.push(statement![name, " = ", value]);
            self.variables.push(Variable { name: name.into(), ty, writable: true });
        }
        self.metatable(&mut out);
        for ty in [Type::Meta, Type::Int, Type::Float, Type::Number, Type::Text, Type::Ints, Type::Record] {
            // Not an expression that may fail: nothing catches an error here.
            let value = self.initial(ty);
            let name = self.bring(ty, true, prefix(ty));
            out.push(statement![format!("local {name} = "), value]);
        }
        for _ in 0..self.random.range(self.size.functions.0, self.size.functions.1) {
            out.push(self.function());
        }
        for n in 0..self.random.range(self.size.sections.0, self.size.sections.1) {
            if self.spent > self.budget * 3 / 4 {
                break;
            }
            let body = self.section_body();
            out.push(statement![format!("section({n}, function(...)"), body, "end, 1, 2.5, \"three\", nil)"]);
            out.push(self.trace());
            out.push(statement!["P(HC, HK)"]);
            if self.random.chance(25) {
                out.push(self.function());
            }
        }
        Node::block(out)
    }

    /// The body of a section: a vararg function that is called once.
    fn section_body(&mut self) -> Node {
        let saved = self.context.clone();
        self.level += 1;
        let returns = Some(self.scalar());
        self.context = Context { vararg: true, returns, ..Context::default() };
        let count = self.random.range(self.size.statements.0, self.size.statements.1);
        let mark = (self.variables.len(), self.functions.len());
        let mut body = Vec::new();
        for _ in 0..self.random.range(1, 3) {
            let ty = self.any_type();
            body.push(self.declare(ty));
        }
        for _ in 0..count {
            let made = self.statement();
            body.push(made);
        }
        if self.random.chance(80) {
            let hot = self.hot_loop();
            body.push(hot);
            body.push(self.trace());
        }
        self.variables.truncate(mark.0);
        self.functions.truncate(mark.1);
        self.level -= 1;
        self.context = saved;
        Node::block(body)
    }

    fn has(&self, feature: &str) -> bool {
        !self.without.iter().any(|w| w == feature)
    }

    /// A name nobody has.
    fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    fn scalar(&mut self) -> Type {
        self.random.pick(&SCALARS)
    }

    fn any_type(&mut self) -> Type {
        use Type::*;
        self.random.pick(&[
            Int, Int, Int, Float, Float, Number, Number, Text, Bool, Ints, Numbers, Holes, Record, Meta,
        ])
    }

    /// Whether code that runs `cost` times as often as the code here still fits.
    fn affords(&self, cost: u64) -> bool {
        self.spent + self.times * cost < self.budget
    }

    fn pay(&mut self, cost: u64) {
        self.spent += self.times * cost;
    }

    /// A variable of the type, if there is one.
    fn variable(&mut self, ty: Type, writable: bool) -> Option<String> {
        let matching: Vec<usize> = (0..self.variables.len())
            .filter(|&i| {
                let v = &self.variables[i];
                v.ty == ty && (v.writable || !writable)
            })
            .collect();
        if matching.is_empty() {
            return None;
        }
        // Recent ones more often: they are the locals of the code at hand.
        let n = matching.len();
        let at =
            if self.random.chance(60) { n - 1 - self.random.below(n.min(3)) } else { self.random.below(n) };
        Some(self.variables[matching[at]].name.clone())
    }

    /// Brings a local variable of the type into scope, after its initial value was made.
    fn bring(&mut self, ty: Type, writable: bool, prefix: &str) -> String {
        let name = self.fresh(prefix);
        self.variables.push(Variable { name: name.clone(), ty, writable });
        name
    }

    /// A block of about `count` statements in a scope of its own.
    fn block(&mut self, count: i64) -> Node {
        let mark = (self.variables.len(), self.functions.len());
        self.context.depth += 1;
        let mut body = Vec::new();
        for _ in 0..count {
            let made = self.statement();
            body.push(made);
        }
        self.context.depth -= 1;
        self.variables.truncate(mark.0);
        self.functions.truncate(mark.1);
        Node::block(body)
    }
}

/// The prefix of names of a type's variables.
fn prefix(ty: Type) -> &'static str {
    match ty {
        Type::Int => "i",
        Type::Float => "f",
        Type::Number => "n",
        Type::Text => "s",
        Type::Bool => "b",
        Type::Ints => "ti",
        Type::Numbers => "tn",
        Type::Holes => "th",
        Type::Record => "r",
        Type::Meta => "m",
    }
}
