//! What compiled units become, as text that two runs print alike: HIR, CLIF, and machine code for every target that code is
//! made for, from whatever machine this is. Only tests build it (feature `snapshots`).
//!
//! HIR and the CLIF that it is lowered to know no target. What follows is done here a second time for each of [`TARGETS`],
//! with a copy of the function that stands apart from the code which runs.
//! Invariant: no address gets into the text. Those in a copy are replaced by numbers in the order of their use, before it
//! is optimised or compiled, because the length of code depends on them.

use crate::compile;
use crate::helpers;
use crate::hir::{Op, Unit, print};
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function, InstructionData, Opcode};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::Configurable;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;

/// A target: its triple and the extensions that its processors are taken to have.
struct Target {
    name: &'static str,
    triple: &'static str,
    extensions: &'static [&'static str],
}

/// The targets, with what ordinary processors of each have.
const TARGETS: &[Target] = &[
    Target {
        name: "x86-64",
        triple: "x86_64-unknown-linux-gnu",
        extensions: &[
            "has_sse3",
            "has_ssse3",
            "has_sse41",
            "has_sse42",
            "has_avx",
            "has_avx2",
            "has_fma",
            "has_popcnt",
            "has_bmi1",
            "has_bmi2",
            "has_lzcnt",
        ],
    },
    Target { name: "aarch64", triple: "aarch64-unknown-linux-gnu", extensions: &["has_lse"] },
];

/// Constants that are addresses, unless the Lua program says such a number: what lies above is no address of a process,
/// what lies below is a status or a small number.
const ADDRESSES: Range<i64> = 1 << 33..1 << 48;
/// What stands for the first address; the others follow at this distance.
const STAND_IN: i64 = 0x7000_0000_0000;
const DISTANCE: i64 = 0x10;

/// Writes down every unit that a backend compiles.
pub(crate) struct Recorder {
    isas: Vec<(&'static str, OwnedTargetIsa)>,
    text: String,
}

impl Recorder {
    pub(crate) fn new() -> Result<Recorder, String> {
        let mut isas = Vec::new();
        for target in TARGETS {
            let mut builder = isa::lookup_by_name(target.triple).map_err(|e| e.to_string())?;
            for extension in target.extensions {
                builder.enable(extension).map_err(|e| e.to_string())?;
            }
            let flags = compile::flags(compile::Effort::Full).ok_or("Cranelift refuses the settings")?;
            isas.push((target.name, builder.finish(flags).map_err(|e| e.to_string())?));
        }
        Ok(Recorder { isas, text: String::new() })
    }

    /// Writes down a unit and the function that it was lowered to.
    pub(crate) fn unit(&mut self, unit: &Unit, function: &Function) {
        let names = Names::new(function);
        let mut hir = String::new();
        // Writing to a string does not fail.
        let _ = print::print(unit, &mut hir);
        self.section(&names, "HIR", &hir);
        let mut function = function.clone();
        hide_addresses(unit, &mut function);
        self.section(&names, "CLIF", &function.display().to_string());
        let optimised: Vec<String> = self.isas.iter().map(|(_, isa)| optimised(&function, isa)).collect();
        if optimised.iter().all(|text| *text == optimised[0]) {
            self.section(&names, "optimised CLIF", &optimised[0]);
        } else {
            for (i, text) in optimised.iter().enumerate() {
                self.section(&names, &format!("optimised CLIF for {}", self.isas[i].0), text);
            }
        }
        for i in 0..self.isas.len() {
            let text = machine_code(&function, &self.isas[i].1);
            self.section(&names, &format!("code for {}", self.isas[i].0), &text);
        }
    }

    fn section(&mut self, names: &Names, title: &str, text: &str) {
        let _ = writeln!(self.text, "---- {title}");
        for line in text.lines().filter(|line| !names.is_declaration(line)) {
            let _ = writeln!(self.text, "{}", names.rename(line.trim_end()));
        }
    }
}

/// The names of helpers, for where Cranelift prints numbers: those change with every new row of the table.
#[derive(Default)]
struct Names {
    /// Cranelift's words for helpers.
    words: HashMap<String, String>,
    /// The beginnings of lines that declare helpers, or signatures which only they have.
    declarations: Vec<String>,
}

impl Names {
    fn new(function: &Function) -> Names {
        let table = helpers::table();
        let mut names = Names::default();
        for (reference, callee) in function.dfg.ext_funcs.iter() {
            let ExternalName::User(number) = callee.name else { continue };
            // Helpers are declared before everything else.
            let index = function.params.user_named_funcs()[number].index as usize;
            // Behind the helpers comes the thunk of recoveries.
            let name = table.get(index).map(|row| row.name);
            if let Some(name) = name.or_else(|| (index == table.len()).then_some(compile::THUNK)) {
                names.words.insert(reference.to_string(), format!("%{name}"));
                names.words.insert(number.to_string(), format!("%{name}"));
                names.declarations.push(format!("    {reference} = "));
                names.declarations.push(format!("    {} = ", callee.signature));
            }
        }
        names
    }

    fn is_declaration(&self, line: &str) -> bool {
        self.declarations.iter().any(|d| line.starts_with(d))
    }

    fn rename(&self, line: &str) -> String {
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while !rest.is_empty() {
            let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            out.push_str(self.words.get(word).map_or(word, String::as_str));
            let next = after.find(in_word).unwrap_or(after.len());
            out.push_str(&after[..next]);
            rest = &after[next..];
        }
        out
    }
}

/// The function after Cranelift's passes that know no registers.
fn optimised(function: &Function, isa: &OwnedTargetIsa) -> String {
    let mut context = Context::for_function(function.clone());
    match context.optimize(isa.as_ref(), &mut ControlPlane::default()) {
        Ok(()) => context.func.display().to_string(),
        Err(e) => e.to_string(),
    }
}

fn machine_code(function: &Function, isa: &OwnedTargetIsa) -> String {
    let mut context = Context::for_function(function.clone());
    context.set_disasm(true);
    match context.compile(isa.as_ref(), &mut ControlPlane::default()) {
        Ok(code) => code.vcode.clone().unwrap_or_default(),
        Err(e) => e.inner.to_string(),
    }
}

/// Replaces the addresses in a function.
fn hide_addresses(unit: &Unit, function: &mut Function) {
    let of_the_program: HashSet<i64> = unit
        .insts
        .iter()
        .filter_map(|inst| match inst.op {
            Op::ConstInt(n) => Some(n),
            _ => None,
        })
        .collect();
    let mut seen: Vec<i64> = Vec::new();
    let body = &mut function.stencil;
    for block in body.layout.blocks() {
        for inst in body.layout.block_insts(block) {
            if let InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } = &mut body.dfg.insts[inst] {
                let n = imm.bits();
                if !ADDRESSES.contains(&n) || of_the_program.contains(&n) {
                    continue;
                }
                let place = seen.iter().position(|&known| known == n).unwrap_or_else(|| {
                    seen.push(n);
                    seen.len() - 1
                });
                *imm = (STAND_IN + DISTANCE * place as i64).into();
            }
        }
    }
}

impl crate::Tier {
    /// Writes down what is compiled from here on; an error when a target is missing.
    pub fn record(&mut self) -> Result<(), String> {
        // SAFETY: no native code runs yet.
        unsafe { self.ready() };
        let backend = self.pipe.backend.as_mut().ok_or("native code is not available here")?;
        let compiler = match backend.compiler.take() {
            Some(compiler) => compiler,
            None => compile::Compiler::new().ok_or("native code is not available here")?,
        };
        backend.compiler.insert(compiler).recorder = Some(Recorder::new()?);
        Ok(())
    }

    /// What was written down since the last time.
    pub fn recorded(&mut self) -> String {
        let recorder = self.pipe.backend.as_mut().and_then(|b| b.compiler.as_mut()?.recorder.as_mut());
        recorder.map(|r| std::mem::take(&mut r.text)).unwrap_or_default()
    }
}
