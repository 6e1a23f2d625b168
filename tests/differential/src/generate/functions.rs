//! Functions: local, global, methods, closures with state, recursive, with varargs and tail calls.

use super::{Context, Function, Generator, Type, Variable, prefix};
use crate::tree::{Node, expression, statement};

/// Statements that a function may execute in one call, roughly.
const FUNCTION_BUDGET: u64 = 60;

impl Generator<'_> {
    /// A definition of a function, which is in scope afterwards.
    pub(super) fn function(&mut self) -> Node {
        match self.random.weighted(&[40, 15, 15, 15, 15]) {
            0 => self.plain(),
            1 => self.recursive(),
            2 => self.counter(),
            3 => self.forwarder(),
            _ => self.tail(),
        }
    }

    /// Makes a function's body in a scope of its own: the node, and what one call costs.
    pub(super) fn body(
        &mut self,
        params: &[(String, Type)],
        vararg: bool,
        returns: Type,
        count: i64,
    ) -> (Node, u64) {
        let context =
            Context { vararg, returns: Some(returns), depth: self.context.depth + 1, ..Context::default() };
        let saved = std::mem::replace(&mut self.context, context);
        let outer = (self.times, self.spent, self.budget);
        (self.times, self.spent, self.budget) = (1, 0, FUNCTION_BUDGET);
        let mark = (self.variables.len(), self.functions.len());
        self.level += 1;
        for (name, ty) in params {
            self.variables.push(Variable { name: name.clone(), ty: *ty, writable: true });
        }
        let mut body = Vec::new();
        for _ in 0..count {
            let made = self.statement();
            body.push(made);
        }
        let mut value = self.expression(returns, 1);
        if returns == Type::Text {
            // Texts that loops hand from call to call must not grow.
            value = expression!["(", value, "):sub(-20)"];
        }
        body.push(match self.random.below(12) {
            0 => {
                let extra = self.scalar();
                let more = self.leaf(extra);
                statement!["return ", value, ", ", more]
            }
            1 => statement!["do return ", value, " end"],
            // Results of calls, passed on; variables that outlive the call.
            2 => {
                let extra = self.scalar();
                let more = self.leaf(extra);
                statement!["return ", value, ", tostring(", more, ")"]
            }
            3 => statement!["local kc = ", value, " local function kf() return kc end return kf()"],
            4 => {
                statement!["local kc = ", value, " local function kf() return kc end return select(1, kf())"]
            }
            _ => statement!["return ", value],
        });
        self.level -= 1;
        self.variables.truncate(mark.0);
        self.functions.truncate(mark.1);
        let cost = self.spent + 2;
        (self.times, self.spent, self.budget) = outer;
        self.context = saved;
        (Node::block(body), cost)
    }

    fn params(&mut self) -> Vec<(String, Type)> {
        (0..self.random.range(0, 4))
            .map(|_| {
                let ty = self.random.pick(&[
                    Type::Int,
                    Type::Int,
                    Type::Float,
                    Type::Number,
                    Type::Text,
                    Type::Record,
                    Type::Ints,
                ]);
                (self.fresh(prefix(ty)), ty)
            })
            .collect()
    }

    fn plain(&mut self) -> Node {
        let params = self.params();
        let returns = self.scalar();
        let vararg = self.random.chance(25);
        let count = self.random.range(0, 4);
        let (body, cost) = self.body(&params, vararg, returns, count);
        let mut list: Vec<&str> = params.iter().map(|p| p.0.as_str()).collect();
        if vararg {
            list.push("...");
        }
        let list = list.join(", ");
        let types: Vec<Type> = params.iter().map(|p| p.1).collect();
        let add = |name: String| Function { name, params: types.clone(), vararg, returns, cost };
        match self.random.below(5) {
            0 if self.context.depth == 0 => {
                let name = self.fresh("GFN");
                self.functions.push(add(name.clone()));
                statement![format!("function {name}({list})"), body, "end"]
            }
            1 if self.context.depth == 0 => {
                let name = self.fresh("me");
                self.functions.push(add(format!("Object:{name}")));
                statement![format!("function Object:{name}({list})"), body, "end"]
            }
            2 if self.context.depth == 0 => {
                let name = self.fresh("fi");
                self.functions.push(add(format!("Object.{name}")));
                statement![format!("Object.{name} = function({list})"), body, "end"]
            }
            _ => {
                let name = self.fresh("fn");
                self.functions.push(add(name.clone()));
                statement![format!("local function {name}({list})"), body, "end"]
            }
        }
    }

    /// A function that calls itself with a smaller number.
    fn recursive(&mut self) -> Node {
        let name = self.fresh("rec");
        let n = self.fresh("d");
        let ty = self.random.pick(&[Type::Int, Type::Number, Type::Float]);
        let acc = self.fresh(prefix(ty));
        let count = self.random.range(0, 2);
        let (body, cost) = self.body(&[(acc.clone(), ty)], false, ty, count);
        // The body ends in a return: as a function of its own, or it would not be the last statement.
        let inner = self.fresh("step");
        let (deep, shape) = match self.random.below(4) {
            0 => (6, format!("return {inner}({acc}) + {name}({n} - 1, {acc}) + {name}({n} - 2, {acc})")),
            1 => (40, format!("return {name}({n} - 1, {inner}({acc}))")),
            2 => (25, format!("local v = {name}({n} - 1, {inner}({acc})); return v")),
            _ => (12, format!("return ({name}({n} - 1, {acc})) - {inner}({acc})")),
        };
        let wrapper = self.fresh("fn");
        self.functions.push(Function {
            name: wrapper.clone(),
            params: vec![ty],
            vararg: false,
            returns: ty,
            cost: cost * 30,
        });
        statement![
            format!("local {wrapper} do local function {inner}({acc})"),
            body,
            format!("end\nlocal function {name}({n}, {acc}) if {n} <= 0 then return {acc} end {shape} end\n"),
            format!("function {wrapper}({acc}) return {name}({deep}, {acc}) end end")
        ]
    }

    /// A closure with state in upvalues.
    fn counter(&mut self) -> Node {
        let name = self.fresh("fn");
        let ty = self.random.pick(&[Type::Int, Type::Float, Type::Number]);
        let state = self.fresh(prefix(ty));
        let initial = self.initial(ty);
        let step = self.leaf(ty);
        self.functions.push(Function {
            name: name.clone(),
            params: vec![ty],
            vararg: false,
            returns: ty,
            cost: 3,
        });
        statement![
            format!("local {name} do local {state} = "),
            initial,
            format!(" function {name}(x) {state} = {state} + "),
            step,
            format!(" return (x or 0) + {state} end end")
        ]
    }

    /// A vararg function that hands its arguments on.
    fn forwarder(&mut self) -> Node {
        let name = self.fresh("fn");
        let ty = self.random.pick(&[Type::Int, Type::Number, Type::Text]);
        let default = self.leaf(ty);
        let shape = match self.random.below(7) {
            0 => "local a, b = ... return a or D, b",
            1 => "local t = {...} return t[1] or D",
            2 => "return select(1, ...)",
            3 => "local t = table.pack(...) return t[1] or D, t.n",
            4 => "return (select('#', ...) > 0 and (...)) or D",
            5 => "local function g(a, ...) return a or D, ... end return g(...)",
            _ => "return table.unpack({n = 2, ...}, 1, 3)",
        };
        let mut shape = shape.split('D');
        let mut out = statement![format!("local function {name}(...) ")];
        if let Some(first) = shape.next() {
            out.parts.push(first.into());
        }
        for piece in shape {
            out.parts.push(default.clone().into());
            out.parts.push(piece.into());
        }
        out.parts.push(" end".into());
        self.functions.push(Function { name, params: vec![ty, ty], vararg: true, returns: ty, cost: 6 });
        out
    }

    /// A function that ends in a tail call of another one.
    fn tail(&mut self) -> Node {
        let small: Vec<Function> = self.functions.iter().filter(|f| f.cost < 100).cloned().collect();
        if small.is_empty() {
            return self.plain();
        }
        let target = small[self.random.below(small.len())].clone();
        let params = self.params();
        let context = Context { vararg: false, ..Context::default() };
        let saved = std::mem::replace(&mut self.context, context);
        let mark = self.variables.len();
        self.level += 1;
        for (name, ty) in &params {
            self.variables.push(Variable { name: name.clone(), ty: *ty, writable: true });
        }
        let condition = self.expression(Type::Bool, 2);
        let early = self.leaf(target.returns);
        let call = self.call_of(&target);
        self.level -= 1;
        self.variables.truncate(mark);
        self.context = saved;
        let name = self.fresh("fn");
        let list = params.iter().map(|p| p.0.as_str()).collect::<Vec<_>>().join(", ");
        self.functions.push(Function {
            name: name.clone(),
            params: params.iter().map(|p| p.1).collect(),
            vararg: false,
            returns: target.returns,
            cost: target.cost + 4,
        });
        let early = statement!["if ", condition, " then return ", early, " end"];
        let call: Node = expression![call];
        statement![
            format!("local function {name}({list})"),
            Node::block(vec![early, statement!["return ", call]]),
            "end"
        ]
    }

    /// An anonymous function `function() … end` whose body is a block made at this place.
    pub(super) fn closure(&mut self, count: i64, yields: bool) -> Node {
        let returns = self.scalar();
        let context = Context {
            yields,
            returns: Some(returns),
            depth: self.context.depth + 1,
            hot: self.context.hot.clone(),
            ..Context::default()
        };
        let saved = std::mem::replace(&mut self.context, context);
        self.level += 1;
        let body = self.block(count);
        self.level -= 1;
        self.context = saved;
        expression!["function()", body, "end"]
    }
}
