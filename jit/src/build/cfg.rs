//! The control flow of a region of bytecode: its blocks in reverse postorder, and its
//! loops.

use super::liveness::{self, RegSet};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// A block: instructions `start..end`.
#[derive(Clone, Debug)]
pub struct CfgBlock {
    pub start: u32,
    pub end: u32,
    /// When edges from below lead here: the registers that the loop writes.
    pub written: Option<RegSet>,
}

struct Node {
    end: u32,
    next: Vec<u32>,
    before: Vec<u32>,
}

/// The blocks of `region` that can be reached from `entry`, each after its
/// predecessors but for loop edges. `None` when a loop has two entries.
pub fn blocks(
    code: &[Instruction],
    entry: u32,
    region: RangeInclusive<u32>,
    top: usize,
) -> Option<Vec<CfgBlock>> {
    let mut nodes = nodes(code, entry, region);
    let order = reverse_postorder(&nodes, entry);
    let place: BTreeMap<u32, usize> = order.iter().enumerate().map(|(n, &s)| (s, n)).collect();
    for &s in &order {
        for to in nodes[&s].next.clone() {
            if let Some(node) = nodes.get_mut(&to) {
                node.before.push(s);
            }
        }
    }
    let mut result = Vec::new();
    for &s in &order {
        let node = &nodes[&s];
        let mut body = BTreeSet::from([s]);
        let mut work: Vec<u32> = node.before.iter().copied().filter(|b| place[b] >= place[&s]).collect();
        let is_loop = !work.is_empty();
        while let Some(b) = work.pop() {
            if body.insert(b) {
                if b == entry {
                    // The region's entry reaches the loop without passing its head.
                    return None;
                }
                work.extend(&nodes[&b].before);
            }
        }
        let mut written = RegSet::default();
        for b in &body {
            for pc in *b..nodes[b].end {
                liveness::writes(code[pc as usize], top, |r| written.insert(r));
            }
        }
        result.push(CfgBlock { start: s, end: node.end, written: is_loop.then_some(written) });
    }
    Some(result)
}

fn nodes(code: &[Instruction], entry: u32, region: RangeInclusive<u32>) -> BTreeMap<u32, Node> {
    let edges = |pc: u32| {
        let mut next = liveness::successors(code, pc as usize);
        if code[pc as usize].op().is_test() {
            // Its jump belongs to it.
            next[0] = liveness::successors(code, pc as usize + 1)[0];
        }
        let jumps = next[1].is_some() || matches!(code[pc as usize].op(), OpCode::Jmp | OpCode::TForPrep);
        next.into_iter().flatten().map(|s| s as u32).filter(move |&s| s != pc + 1 || jumps)
    };
    let mut leaders = BTreeSet::from([*region.start(), entry]);
    for pc in region.clone() {
        leaders.extend(edges(pc).filter(|s| region.contains(s)));
    }
    let starts: Vec<u32> = leaders.iter().copied().collect();
    let mut nodes = BTreeMap::new();
    for (n, &start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(region.end() + 1);
        let mut next: Vec<u32> = Vec::new();
        for pc in start..end {
            let test = code[pc as usize].op().is_test();
            for s in edges(pc) {
                next.push(s);
            }
            let falls = liveness::successors(code, pc as usize).contains(&Some(pc as usize + 1));
            if pc + 1 == end && falls && !test {
                next.push(end);
            }
        }
        next.retain(|s| region.contains(s));
        next.sort_unstable();
        next.dedup();
        nodes.insert(start, Node { end, next, before: Vec::new() });
    }
    nodes
}

fn reverse_postorder(nodes: &BTreeMap<u32, Node>, entry: u32) -> Vec<u32> {
    let mut seen = BTreeSet::from([entry]);
    let mut order = Vec::new();
    let mut stack = vec![(entry, 0)];
    while let Some((s, n)) = stack.pop() {
        // Later blocks first, so that earlier ones come earlier in the end.
        let next = &nodes[&s].next;
        match next.len().checked_sub(n + 1).map(|at| next[at]) {
            Some(to) => {
                stack.push((s, n + 1));
                if seen.insert(to) {
                    stack.push((to, 0));
                }
            }
            None => order.push(s),
        }
    }
    order.reverse();
    order
}
