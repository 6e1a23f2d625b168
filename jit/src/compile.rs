//! A unit's way from HIR to machine code.

use crate::code_cache::CodeMemory;
use crate::helpers;
use crate::hir::{Op, Unit};
use crate::lower::{self, ExitPoint};
use cranelift_codegen::ir::{AbiParam, types};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, default_libcall_names};
use std::rc::Rc;

/// Native code of a loop: gets the thread, the frame's base and the
/// address of its trap, returns the
/// number of an exit, or [`lower::THROWN`] and the number of a `Throw`.
pub type Entry =
    unsafe extern "C" fn(l: *mut cranelua_runtime::state::LuaState, base: *mut u8, trap: *const u8) -> i64;

/// A compiled unit.
pub struct Compiled {
    pub entry: Entry,
    pub exits: Rc<[ExitPoint]>,
    /// Shapes that the code compares.
    pub shapes: Vec<u32>,
    pub bytes: usize,
    /// CLIF text, when it was asked for.
    pub clif: Option<String>,
    /// Disassembly, when it was asked for.
    pub assembly: Option<String>,
}

/// Cranelift, set up for one state.
pub struct Backend {
    module: JITModule,
    helpers: Vec<FuncId>,
    context: cranelift_codegen::Context,
    builder: FunctionBuilderContext,
    #[cfg(feature = "snapshots")]
    pub(crate) recorder: Option<crate::snapshot::Recorder>,
}

/// Settings of Cranelift that no target changes.
pub(crate) fn flags() -> Option<settings::Flags> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ] {
        flags.set(name, value).ok()?;
    }
    Some(settings::Flags::new(flags))
}

impl Backend {
    /// Sets Cranelift up; `None` when this machine cannot run native code.
    pub fn new(code_memory: usize) -> Option<Backend> {
        let isa = cranelift_native::builder().ok()?.finish(flags()?).ok()?;
        let mut jit = JITBuilder::with_isa(isa, default_libcall_names());
        for row in helpers::table() {
            jit.symbol(row.name, row.address);
        }
        jit.memory_provider(Box::new(CodeMemory::new(code_memory)?));
        let mut module = JITModule::new(jit);
        let mut ids = Vec::new();
        for row in helpers::table() {
            let mut sig = module.make_signature();
            lower::signature(row.signature, &mut sig);
            ids.push(module.declare_function(row.name, Linkage::Import, &sig).ok()?);
        }
        let context = module.make_context();
        Some(Backend {
            module,
            helpers: ids,
            context,
            builder: FunctionBuilderContext::new(),
            #[cfg(feature = "snapshots")]
            recorder: None,
        })
    }

    /// Compiles a unit; `None` when Cranelift refuses or the memory for code is full.
    pub fn compile(&mut self, unit: &Unit, code: u64, forced: u64, show: bool) -> Option<Compiled> {
        let module = &mut self.module;
        module.clear_context(&mut self.context);
        let sig = &mut self.context.func.signature;
        sig.params.push(AbiParam::new(types::I64));
        sig.params.push(AbiParam::new(types::I64));
        sig.params.push(AbiParam::new(types::I64));
        sig.returns.push(AbiParam::new(types::I64));
        let helpers =
            self.helpers.iter().map(|&id| module.declare_func_in_func(id, &mut self.context.func)).collect();
        let cx = lower::Context { unit, code, helpers, forced };
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        let exits = lower::lower(&cx, builder, module.target_config());
        #[cfg(feature = "snapshots")]
        if let Some(recorder) = &mut self.recorder {
            recorder.unit(unit, &self.context.func);
        }
        let clif = show.then(|| self.context.func.display().to_string());
        self.context.set_disasm(show);
        let id = module.declare_anonymous_function(&self.context.func.signature).ok()?;
        module.define_function(id, &mut self.context).ok()?;
        let (bytes, assembly) = match self.context.compiled_code() {
            Some(c) => (c.code_info().total_size as usize, c.vcode.clone()),
            None => (0, None),
        };
        module.finalize_definitions().ok()?;
        let p = module.get_finalized_function(id);
        // SAFETY: the function was compiled with exactly this signature.
        let entry = unsafe { std::mem::transmute::<*const u8, Entry>(p) };
        Some(Compiled { entry, exits: exits.into(), shapes: shapes_of(unit), bytes, clif, assembly })
    }
}

fn shapes_of(unit: &Unit) -> Vec<u32> {
    let mut shapes: Vec<u32> = unit
        .insts
        .iter()
        .filter_map(|i| match i.op {
            Op::GuardShape { shape, .. } => Some(shape),
            _ => None,
        })
        .collect();
    shapes.sort_unstable();
    shapes.dedup();
    shapes
}
