//! Programs as trees of text: what the generator makes and the minimiser cuts.
//!
//! A node is a list of pieces of text and of child nodes. Its kind says what may be done with it and the program
//! still be one: a block may lose statements, a statement may be replaced by one of its blocks, an expression by a
//! constant or by an expression inside it. Nothing else about Lua's syntax is known here.

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A list of statements; its pieces are all nodes.
    Block,
    /// A statement.
    Statement,
    /// An expression.
    Expression,
    /// Something that is only a group of pieces (a list of arguments).
    Group,
}

/// A piece of a node.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text as it stands in the program.
    Text(String),
    /// A smaller tree.
    Node(Node),
}

/// A tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// What it consists of, in the program's order.
    pub parts: Vec<Part>,
}

impl From<&str> for Part {
    fn from(text: &str) -> Part {
        Part::Text(text.to_string())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Part {
        Part::Text(text)
    }
}

impl From<&String> for Part {
    fn from(text: &String) -> Part {
        Part::Text(text.clone())
    }
}

impl From<Node> for Part {
    fn from(node: Node) -> Part {
        Part::Node(node)
    }
}

/// A statement of the given pieces.
macro_rules! statement {
    ($($part:expr),* $(,)?) => {
        $crate::tree::Node { kind: $crate::tree::Kind::Statement, parts: vec![$($part.into()),*] }
    };
}

/// An expression of the given pieces.
macro_rules! expression {
    ($($part:expr),* $(,)?) => {
        $crate::tree::Node { kind: $crate::tree::Kind::Expression, parts: vec![$($part.into()),*] }
    };
}

pub(crate) use {expression, statement};

impl Node {
    /// Whether anything is called in it by name.
    pub fn calls(&self) -> bool {
        let text = self.render();
        let called = |c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']');
        text.char_indices().any(|(at, c)| c == '(' && text[..at].ends_with(called))
    }

    /// A block of statements.
    pub fn block(statements: Vec<Node>) -> Node {
        Node { kind: Kind::Block, parts: statements.into_iter().map(Part::Node).collect() }
    }

    /// Nodes with a separator between them, as a group.
    pub fn list(nodes: Vec<Node>, separator: &str) -> Node {
        let mut parts = Vec::new();
        for node in nodes {
            if !parts.is_empty() {
                parts.push(Part::from(separator));
            }
            parts.push(Part::Node(node));
        }
        Node { kind: Kind::Group, parts }
    }

    /// The program's text.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Node(node) if self.kind == Kind::Block => {
                    out.push_str(&"  ".repeat(depth));
                    node.write(out, depth);
                    out.push('\n');
                }
                Part::Node(node) if node.kind == Kind::Block => {
                    out.push('\n');
                    node.write(out, depth + 1);
                    out.push_str(&"  ".repeat(depth));
                }
                Part::Node(node) => node.write(out, depth),
            }
        }
    }

    /// The number of nodes in the tree.
    pub fn count(&self) -> usize {
        1 + self.children().map(Node::count).sum::<usize>()
    }

    /// The nodes directly inside this one.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.parts.iter().filter_map(|part| match part {
            Part::Node(node) => Some(node),
            Part::Text(_) => None,
        })
    }

    /// The node with this number, counted from 0 in the order of the text.
    pub fn at(&mut self, number: usize) -> Option<&mut Node> {
        let mut left = number;
        self.find(&mut left)
    }

    fn find(&mut self, left: &mut usize) -> Option<&mut Node> {
        if *left == 0 {
            return Some(self);
        }
        *left -= 1;
        for part in &mut self.parts {
            if let Part::Node(node) = part {
                // Counted first, so that a subtree that does not hold the node is passed by without a borrow.
                let size = node.count();
                if *left < size {
                    return node.find(left);
                }
                *left -= size;
            }
        }
        None
    }
}
