//! Makes a program smaller while it keeps showing what it shows.

use crate::tree::{Kind, Node, Part};

/// A way of cutting a node.
#[derive(Clone)]
enum Cut {
    /// These statements of a block go.
    Remove(usize, usize),
    /// A statement is replaced by its nth block.
    Unwrap(usize),
    /// An expression is replaced by its nth child.
    Inner(usize),
    /// An expression becomes a constant.
    Constant(&'static str),
}

/// The smallest tree found for which `still` holds; `still` is asked at most `tries` times.
pub fn minimise(tree: Node, tries: usize, still: &mut dyn FnMut(&Node) -> bool) -> Node {
    let mut best = tree;
    let mut left = tries;
    loop {
        let before = best.render().len();
        for pass in [blocks, statements, expressions] {
            let mut number = 0;
            while number < best.count() && left > 0 {
                let mut cuts = best.at(number).map(|node| pass(node)).unwrap_or_default();
                cuts.reverse();
                while let Some(cut) = cuts.pop() {
                    if left == 0 {
                        break;
                    }
                    let mut smaller = best.clone();
                    let Some(node) = smaller.at(number) else { break };
                    if !apply(node, &cut) {
                        continue;
                    }
                    left -= 1;
                    if still(&smaller) {
                        best = smaller;
                        // The rest of the cuts was for the node as it had been. A block's are still good: they go
                        // from its end to its beginning, and what is left before the cut has not moved.
                        if !matches!(cut, Cut::Remove(..)) {
                            cuts = best.at(number).map(|node| pass(node)).unwrap_or_default();
                            cuts.reverse();
                        }
                    }
                }
                number += 1;
            }
        }
        if left == 0 || best.render().len() == before {
            return best;
        }
    }
}

/// Halves, quarters, … and single statements of a block, from its end.
fn blocks(node: &Node) -> Vec<Cut> {
    let mut cuts = Vec::new();
    if node.kind == Kind::Block {
        let n = node.parts.len();
        let mut size = n;
        while size > 0 {
            let mut end = n;
            while end > 0 {
                let start = end.saturating_sub(size);
                cuts.push(Cut::Remove(start, end));
                end = start;
            }
            size /= 2;
        }
    }
    cuts
}

fn statements(node: &Node) -> Vec<Cut> {
    if node.kind != Kind::Statement {
        return Vec::new();
    }
    (0..node.children().filter(|c| c.kind == Kind::Block).count()).map(Cut::Unwrap).collect()
}

fn expressions(node: &Node) -> Vec<Cut> {
    if node.kind != Kind::Expression {
        return Vec::new();
    }
    let text = node.render();
    let mut cuts: Vec<Cut> = Vec::new();
    if node.children().next().is_some() || text.len() > 4 {
        cuts.extend(["nil", "1", "1.5", "''", "{}"].map(Cut::Constant));
        cuts.extend((0..node.children().count()).map(Cut::Inner));
    }
    cuts
}

fn apply(node: &mut Node, cut: &Cut) -> bool {
    match cut {
        Cut::Remove(_, end) if *end > node.parts.len() => false,
        Cut::Remove(start, end) => {
            node.parts.drain(*start..*end);
            true
        }
        Cut::Unwrap(n) => {
            let Some(block) = node.children().filter(|c| c.kind == Kind::Block).nth(*n).cloned() else {
                return false;
            };
            node.parts = vec!["do".into(), Part::Node(block), "end".into()];
            true
        }
        Cut::Inner(n) => {
            let Some(child) = node.children().nth(*n).cloned() else { return false };
            if child.kind == Kind::Block {
                return false;
            }
            node.parts = vec![Part::Node(child)];
            true
        }
        Cut::Constant(text) => {
            let change = node.parts.len() != 1 || node.render() != *text;
            node.parts = vec![(*text).into()];
            change
        }
    }
}
