//! A unit's way from HIR to machine code.

use crate::code_cache::CodeMemory;
use crate::frames::{Returned, Site};
use crate::helpers;
use crate::hir::{Case, Op, Place, Ty, Unit};
use crate::lower::{self, ExitPoint, stubs};
use cranelift_codegen::ir::{AbiParam, types};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, default_libcall_names};
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::TValue;
use std::cell::RefCell;
use std::rc::Rc;

/// Native code of a loop: gets the thread and the frame's base, returns the
/// number of an exit, or [`lower::THROWN`] and the number of a `Throw`.
pub type LoopEntry = unsafe extern "C" fn(l: *mut LuaState, base: *mut TValue) -> i64;
/// See [`stubs::entry`].
pub type EntryStub = unsafe extern "C" fn(l: *mut LuaState, base: *mut TValue, nargs: usize) -> Returned;

/// The stubs of a list of argument types.
#[derive(Clone, Copy)]
pub struct Stubs {
    /// Address of an [`EntryStub`].
    pub entry: *const u8,
    /// Address of the code that stands in for a function's.
    pub fallback: *const u8,
}

/// A compiled unit.
pub struct Compiled {
    /// A [`LoopEntry`], or a function that entries and native code call.
    pub code: *const u8,
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
    /// Sets Cranelift up (in a box: it is large, and most programs never need it); `None` when this machine cannot run native code.
    ///
    /// `probing`: the code is for the test mode that probes.
    pub fn new(code_memory: usize, probing: bool) -> Option<Box<Backend>> {
        let isa = cranelift_native::builder().ok()?.finish(flags()?).ok()?;
        let mut jit = JITBuilder::with_isa(isa, default_libcall_names());
        for row in helpers::table() {
            jit.symbol(row.name, row.probed.filter(|_| probing).unwrap_or(row.address));
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
        Some(Box::new(Backend {
            module,
            helpers: ids,
            context,
            builder: FunctionBuilderContext::new(),
            #[cfg(feature = "snapshots")]
            recorder: None,
        }))
    }

    /// Compiles a unit; `None` when Cranelift refuses or the memory for code is full.
    pub fn compile(&mut self, unit: &Unit, with: &Surroundings<'_>) -> Option<Compiled> {
        let module = &mut self.module;
        module.clear_context(&mut self.context);
        let sig = &mut self.context.func.signature;
        match &unit.params {
            Some(params) => stubs::function_signature(params, sig),
            None => {
                sig.params.extend([AbiParam::new(types::I64); 2]);
                sig.returns.push(AbiParam::new(types::I64));
            }
        }
        let id = module.declare_anonymous_function(&self.context.func.signature).ok()?;
        let helpers =
            self.helpers.iter().map(|&id| module.declare_func_in_func(id, &mut self.context.func)).collect();
        let own = unit.params.is_some().then(|| module.declare_func_in_func(id, &mut self.context.func));
        let cx = lower::Context {
            unit,
            code: with.code,
            helpers,
            forced: with.forced,
            probing: with.probing,
            number: with.number,
            own,
            sites: with.sites,
            epoch: with.epoch,
        };
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        let exits = lower::lower(&cx, builder, module.target_config());
        #[cfg(feature = "snapshots")]
        if let Some(recorder) = &mut self.recorder {
            recorder.unit(unit, &self.context.func);
        }
        let clif = with.show.then(|| self.context.func.display().to_string());
        self.context.set_disasm(with.show);
        module.define_function(id, &mut self.context).ok()?;
        let (bytes, assembly) = match self.context.compiled_code() {
            Some(c) => (c.code_info().total_size as usize, c.vcode.clone()),
            None => (0, None),
        };
        module.finalize_definitions().ok()?;
        let code = module.get_finalized_function(id);
        Some(Compiled { code, exits: exits.into(), shapes: shapes_of(unit), bytes, clif, assembly })
    }

    /// Compiles the stubs for a list of argument types.
    pub fn stubs(&mut self, params: &[Ty]) -> Option<Stubs> {
        let module = &mut self.module;
        module.clear_context(&mut self.context);
        let sig = &mut self.context.func.signature;
        stubs::entry_signature(sig);
        let entry = module.declare_anonymous_function(sig).ok()?;
        let helpers: Vec<_> =
            self.helpers.iter().map(|&id| module.declare_func_in_func(id, &mut self.context.func)).collect();
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        stubs::entry(params, &helpers, builder, module.target_config());
        module.define_function(entry, &mut self.context).ok()?;

        module.clear_context(&mut self.context);
        stubs::function_signature(params, &mut self.context.func.signature);
        let fallback = module.declare_anonymous_function(&self.context.func.signature).ok()?;
        let helper = self.helpers[helpers::Name::Interpret as usize];
        let helper = module.declare_func_in_func(helper, &mut self.context.func);
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        stubs::fallback(params, helper, builder, module.target_config());
        module.define_function(fallback, &mut self.context).ok()?;

        module.finalize_definitions().ok()?;
        Some(Stubs {
            entry: module.get_finalized_function(entry),
            fallback: module.get_finalized_function(fallback),
        })
    }
}

/// What a unit is compiled into.
pub struct Surroundings<'a> {
    /// Address of the prototype's code.
    pub code: u64,
    /// Address of the countdown of forced exits, or 0.
    pub forced: u64,
    /// The unit is for the test mode that probes.
    pub probing: bool,
    /// Number of the unit.
    pub number: u32,
    pub sites: &'a RefCell<Vec<Site>>,
    /// Address of the state's prototype epoch.
    pub epoch: u64,
    /// Keep CLIF and machine code as text.
    pub show: bool,
}

fn shapes_of_cases(cases: &[Case]) -> Vec<u32> {
    let mut shapes: Vec<u32> = cases.iter().map(|c| c.shape).collect();
    for c in cases {
        if let Place::Add { shape, .. } = c.place {
            shapes.push(shape);
        }
    }
    shapes
}

fn shapes_of(unit: &Unit) -> Vec<u32> {
    let mut shapes: Vec<u32> = unit
        .insts
        .iter()
        .flat_map(|i| match i.op {
            Op::GuardShape { shape, .. } => vec![shape],
            Op::Lookup { ref cases, .. } | Op::StoreField { ref cases, .. } => shapes_of_cases(cases),
            _ => Vec::new(),
        })
        .collect();
    shapes.sort_unstable();
    shapes.dedup();
    shapes
}
