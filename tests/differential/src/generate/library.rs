//! Calls of library functions, by the type of their result.
//!
//! A row is a template: `$i`, `$f`, `$n`, `$s`, `$b` stand for expressions of a type, `$I`, `$N`, `$H`, `$R`, `$M` for
//! tables, `$k` for a small literal.

use super::{Generator, Type};
use crate::tree::{Kind, Node, Part, expression};

const INT: &[&str] = &[
    "Still()",
    "Moving()",
    "math.abs($i)",
    "math.max($i, $i)",
    "math.min($i, $i, $i)",
    "(math.tointeger($n) or 0)",
    "(math.tointeger($s) or 1)",
    "(string.byte($s, $k) or 0)",
    "(($s):byte(-1) or 0)",
    "select('#', $n, nil, $s)",
    "select('#', ...)",
    "(($s):find($s, 1, true) or 0)",
    "(string.find($s, '%a+', $k) or -1)",
    "(select(2, ($s):gsub('.', {a = 'b'})))",
    "#table.pack($i or 1, $i or 1)",
    "table.pack($i, nil, $i).n",
    "string.unpack('<i8', string.pack('<i8', $i))",
    "(string.unpack('>I2', string.pack('>I2', $i & 0xffff)))",
    "(string.unpack('z', string.pack('z', 'abc')) and $i)",
    "string.packsize('i4i8d')",
    "utf8.len(utf8.char($k + 200, 8364, $k))",
    "utf8.codepoint('\\u{20ac}x', 1)",
    "(utf8.offset('a\\u{20ac}x', $k) or 0)",
    "math.fmod($i, 7)",
    "tonumber(tostring($i))",
    "(tonumber($s, 16) or 0)",
    "(tonumber('z', 36) + $i)",
    "rawlen({$i or 1})",
    "(#$I + $i)",
    "(rawget($I, $k) or 0)",
    "(load('return ' .. ($i) .. ' + 1')())",
    "math.tointeger(math.floor(($f) % 100) // 1)",
    "(string.rep('ab', $k)):len()",
    "#string.format('%5d|%-5d', $i, $k)",
    "(next({$i or 1}))",
    "(select(-1, $n, $i))",
    "(rawequal($I, $I) and 1 or 0)",
];

const FLOAT: &[&str] = &[
    "math.sqrt(math.abs($n))",
    "math.sin($n)",
    "math.cos($k)",
    "math.exp($k)",
    "math.log(math.abs($n) + 1)",
    "math.log($k + 1, 2)",
    "math.atan($n, $n)",
    "(select(2, math.modf($f)))",
    "math.fmod($f, 3.5)",
    "math.abs($f)",
    "math.max($f, $f)",
    "($n + 0.0)",
    "string.unpack('d', string.pack('d', $f))",
    "string.unpack('<f', string.pack('<f', $k / 4))",
    "tonumber('0x1.8p1')",
    "(tonumber($k .. '.5'))",
    "math.rad($f)",
];

const NUMBER: &[&str] = &[
    "math.floor($n)",
    "math.ceil($f)",
    "math.max($n, $i, $f)",
    "math.min($n, $f)",
    "(tonumber($s) or $n)",
    "math.abs($n)",
    "(math.modf($n))",
    "(math.fmod($n, 2.5))",
    "select($k, $n, $i, $f, $n, $n, $n, $n)",
    "($I[$k] or 0.5)",
    "(table.unpack($N))",
    "(rawget($N, $k) or 1)",
];

const TEXT: &[&str] = &[
    "($s):sub($k, $k)",
    "($s):sub(-3)",
    "($s):upper()",
    "string.lower($s)",
    "($s):rep($k, ',')",
    "($s):reverse()",
    "string.format('%d', $i)",
    "string.format('%5.2f|%s', $k / 3, $s .. '')",
    "string.format('%x %X %o', $i, $i, $i)",
    "string.format('%g %e', $k * 1.5, $k)",
    "string.format('%a', $k / 8)",
    "string.format('%q', $i)",
    "string.format('%-8s|%5s|%.2s', $s .. '', $k | 0, $s .. '')",
    "string.format('%i%%%c', $i, 65 + $k)",
    "string.format('%s %s %s', $n + 0, not $b, nil)",
    "string.format('%q', $s)",
    "(function(n) return math.type(n) and tostring(n) or 'none' end)($n)",
    "tostring($i | 0)",
    "tostring(not $b)",
    "(function(m) return getmetatable(m) == MT and rawget(MT, '__tostring') and tostring(m) or 'other' end)($M)",
    "tostring(nil)",
    "table.concat($I, ',')",
    "table.concat($I, $s, 1, 1)",
    "string.char(65 + $i % 26, 97)",
    "(($s):gsub('%w', '%0%0'))",
    "(($s):gsub('[ab]', function(c) return c .. '.' end))",
    "(($s):gsub('(.)(.)', '%2%1', $k))",
    "(string.gsub($s, '^%s*(.-)%s*$', '%1'))",
    "(($s):match('%a+') or '-')",
    "(($s):match('^(%-?%d+)') or '?')",
    "(string.match($s, '()') .. '')",
    "math.type($n)",
    "(math.type($s) or 'none')",
    "type($M)",
    "type($n)",
    "utf8.char(65 + $k, 233, 8364)",
    "string.pack('<i2', $k)",
    "string.pack('s1', $s)",
    "($i .. '')",
    "select(2, pcall(error, $s))",
    "select(2, pcall(string.rep))",
    "select(2, pcall(function() return $n < $s end))",
    "(select(2, pcall(function() local t = $R; return t.n.x.y end)))",
    "select(2, pcall(function() return #$i end))",
    "select(2, pcall(function() return $s + $i end))",
    "select(2, pcall(function() return $i & $f end))",
    "select(2, pcall(function() return $i // 0 end))",
    "select(2, pcall(function() return $n % 0 end))",
    "select(2, pcall(function() return absent($i) end))",
    "select(2, pcall(function() return $R .. $s end))",
    "select(2, pcall(function() return ($s):absent() end))",
    "select(2, pcall(function() $R[nil] = 1 end))",
    "select(2, pcall(function() for i = 1, 10, 0 do end end))",
    "select(2, pcall(function() for i = $s, 10 do break end end))",
    "select(2, pcall(error))",
    "select(2, pcall(setmetatable, $i, {}))",
    "tostring(select(2, load('x = = ' .. ($i), '=l')))",
    "tostring(select(2, load('goto l', '=l')))",
    "os.date('!%Y-%m-%d %H:%M:%S', $k)",
];

const BOOL: &[&str] = &[
    "rawequal($n, $n)",
    "rawequal($M, $M)",
    "math.ult($i, $i)",
    "(math.type($n) == 'float')",
    "(pcall(error, $i))",
    "(pcall(rawset, $H, $k, $i))",
    "(next({}) == nil)",
    "($s == tostring($i))",
    "(tostring($i) == $s)",
    "($i == $f)",
    "not $n",
    "(type($b) == 'boolean')",
    "coroutine.isyieldable()",
    "select(2, coroutine.running())",
    "(utf8.len($s) ~= nil)",
    "(($s):find('b') and true or false)",
    "(select(2, xpcall(function() return $b end, print)))",
    "(getmetatable($M) == 'locked')",
    "(getmetatable('').__index == string)",
];

impl Generator<'_> {
    /// A call of a library function with a result of the type.
    pub(super) fn standard_call(&mut self, ty: Type, depth: u32) -> Node {
        let rows = match ty {
            Type::Int => INT,
            Type::Float => FLOAT,
            Type::Number => NUMBER,
            Type::Text => TEXT,
            _ => BOOL,
        };
        self.pay(2);
        let row = self.random.pick(rows);
        if row.contains("...") && !self.context.vararg {
            return self.leaf(ty);
        }
        // Closures made here see no varargs of the function around them.
        let vararg = self.context.vararg && !row.contains("function");
        let saved = std::mem::replace(&mut self.context.vararg, vararg);
        let made = self.fill(row, depth);
        self.context.vararg = saved;
        expression!["(", made, ")"]
    }

    /// The expression of a template.
    pub(super) fn fill(&mut self, template: &str, depth: u32) -> Node {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            parts.push(rest[..at].into());
            let mark = rest[at + 1..].chars().next();
            let (ty, simple) = match mark {
                Some('i') => (Type::Int, false),
                Some('f') => (Type::Float, false),
                Some('n') => (Type::Number, false),
                Some('s') => (Type::Text, false),
                Some('b') => (Type::Bool, false),
                Some('I') => (Type::Ints, true),
                Some('N') => (Type::Numbers, true),
                Some('H') => (Type::Holes, true),
                Some('R') => (Type::Record, true),
                Some('M') => (Type::Meta, true),
                _ => {
                    parts.push(self.random.range(1, 7).to_string().into());
                    rest = &rest[at + 2..];
                    continue;
                }
            };
            let node = if simple || depth >= 2 { self.leaf(ty) } else { self.expression(ty, depth + 1) };
            // A constant needs parentheses in places where a variable does not (`#4`, `{}.x`).
            let bare = simple && self.variables.iter().any(|v| v.name == node.render());
            parts.push(if bare { node.into() } else { expression!["(", node, ")"].into() });
            rest = &rest[at + 2..];
        }
        parts.push(rest.into());
        Node { kind: Kind::Expression, parts }
    }
}
