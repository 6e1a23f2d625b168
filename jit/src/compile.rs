//! From a job to machine code, and its place in memory.
//!
//! A [`Compiler`] turns an [`Order`] into a [`Made`]: it knows no state and follows no
//! pointer into one, so it works on whatever thread it is on. A state's [`Backend`] names what
//! is ordered, and puts what was made where it can run.

use crate::build::job::Job;
use crate::build::{self, Refusal};
use crate::code_cache::{CodeMemory, is_room};
use crate::frames::{Returned, Site};
use crate::helpers;
use crate::hir::{Case, Op, Ty, Unit, print, verify};
use crate::lower::{self, ExitPoint, stubs};
use crate::opt;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, FuncRef, Function, Signature, UserExternalName, types,
};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{CodegenError, Context};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, ModuleReloc, default_libcall_names};
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::TValue;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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

/// What is to be compiled.
pub enum Order {
    Unit(Box<UnitOrder>),
    /// The thunk of recoveries, which every unit may call.
    Thunk,
    Stubs {
        /// The argument types.
        params: Vec<Ty>,
        /// The names of the two functions.
        entry: FuncId,
        fallback: FuncId,
    },
}

/// A unit that is to be compiled.
pub struct UnitOrder {
    pub job: Job,
    /// The name of the function that it becomes.
    pub function: FuncId,
    /// Number of the unit.
    pub number: u32,
    /// See [`Settings::level`](crate::tier::Settings::level).
    pub level: u8,
    /// Address of the prototype's code.
    pub code: u64,
    /// Address of the countdown of forced exits, or 0.
    pub forced: u64,
    /// The unit is for the test mode that probes.
    pub probing: bool,
    /// Address of the state's prototype epoch.
    pub epoch: u64,
    /// Address of the state's strings of one byte.
    pub singles: u64,
    /// Address of the tier's [`Streaks`](crate::lessons::Streaks).
    pub streaks: u64,
    /// The state's next number of a call site.
    pub next_site: Arc<AtomicU32>,
    /// Keep HIR, CLIF and machine code as text.
    pub show: bool,
}

/// What became of an order.
pub struct Reply {
    pub made: Made,
    /// Processor time that it took.
    pub nanoseconds: u64,
}

/// What was made.
pub enum Made {
    Unit(Box<MadeUnit>),
    /// Nothing: the unit of this number is better left to the interpreter.
    Refused(u32, Refusal),
    /// Nothing: Cranelift refuses the unit of this number.
    Failed(u32),
    Stubs {
        params: Vec<Ty>,
        entry: Code,
        fallback: Code,
    },
    NoStubs,
    /// `None`: nothing can be compiled.
    Thunk(Option<Code>),
}

/// A unit that has no place in memory yet.
pub struct MadeUnit {
    pub number: u32,
    pub code: Code,
    pub exits: Vec<ExitPoint>,
    /// Shapes that the code compares.
    pub shapes: Vec<u32>,
    /// Its call sites, with their numbers.
    pub sites: Vec<(u32, Site)>,
    /// HIR, CLIF and machine code, when they were asked for.
    pub text: Option<String>,
}

/// Machine code that has no place in memory yet.
pub struct Code {
    function: FuncId,
    bytes: Vec<u8>,
    alignment: u64,
    relocations: Vec<ModuleReloc>,
}

impl Code {
    /// Bytes of machine code.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Cranelift, set up for this machine.
pub struct Compiler {
    isa: OwnedTargetIsa,
    /// The same machine, without Cranelift's own optimisations.
    plain: OwnedTargetIsa,
    /// The same, with the register allocator that is soon done.
    hasty: OwnedTargetIsa,
    /// Of the helpers, in the order of the table; their names are the first in every backend.
    helpers: Vec<Signature>,
    context: Context,
    builder: FunctionBuilderContext,
    #[cfg(feature = "snapshots")]
    pub(crate) recorder: Option<crate::snapshot::Recorder>,
}

/// HIR instructions of a unit from which on Cranelift does not optimise, which is a quarter of what compiling
/// costs: it mends what is left in tight loops, but large units are guards and calls.
const LARGE_UNIT: usize = 250;
/// The symbol of the thunk of recoveries.
pub(crate) const THUNK: &str = "cranelua_recover_thunk";
/// Bytes that compiling a unit takes at most, and for each of its bytecode instructions (measured: 75 MB for 4,000).
const ROOM: usize = 8 << 20;
const ROOM_FOR_OPCODE: usize = 20 << 10;

/// What Cranelift does for a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// It allocates registers in one pass.
    Hasty,
    Plain,
    /// It optimises, too.
    Full,
}

impl Effort {
    /// That for a unit, at an optimisation level.
    fn of(level: u8, unit: &Unit) -> Effort {
        match level {
            0 | 1 => Effort::Hasty,
            2 => Effort::Plain,
            _ if unit.insts.len() < LARGE_UNIT && unit.blocks.iter().any(|b| b.loop_head) => Effort::Full,
            _ => Effort::Plain,
        }
    }
}

/// Settings of Cranelift that no target changes.
pub(crate) fn flags(effort: Effort) -> Option<settings::Flags> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", if effort == Effort::Full { "speed" } else { "none" }),
        ("regalloc_algorithm", if effort == Effort::Hasty { "single_pass" } else { "backtracking" }),
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

/// The instruction set of this machine; `None` when it cannot run native code.
fn host(effort: Effort) -> Option<OwnedTargetIsa> {
    cranelift_native::builder().ok()?.finish(flags(effort)?).ok()
}

impl Compiler {
    /// Sets Cranelift up (in a box: it is large); `None` when this machine cannot run native code.
    pub fn new() -> Option<Box<Compiler>> {
        let isa = host(Effort::Full)?;
        let helpers = helpers::table()
            .iter()
            .map(|row| {
                let mut sig = Signature::new(isa.default_call_conv());
                lower::signature(row.signature, &mut sig);
                sig
            })
            .collect();
        Some(Box::new(Compiler {
            isa,
            plain: host(Effort::Plain)?,
            hasty: host(Effort::Hasty)?,
            helpers,
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
            #[cfg(feature = "snapshots")]
            recorder: None,
        }))
    }

    /// Does what is ordered. Where the compiler panics, which is its mistake or Cranelift's, there is no code: a
    /// script must not end the process.
    pub fn fulfil(&mut self, order: &Order) -> Reply {
        let started = processor_time();
        // What a panic leaves half done is in `context` and `builder`, which are made anew.
        let made = catch_unwind(AssertUnwindSafe(|| self.make(order))).unwrap_or_else(|panic| {
            if cfg!(debug_assertions) {
                resume_unwind(panic);
            }
            self.context = Context::new();
            self.builder = FunctionBuilderContext::new();
            match order {
                Order::Unit(order) => Made::Failed(order.number),
                Order::Stubs { .. } => Made::NoStubs,
                Order::Thunk => Made::Thunk(None),
            }
        });
        Reply { made, nanoseconds: processor_time().saturating_sub(started) }
    }

    fn make(&mut self, order: &Order) -> Made {
        match order {
            Order::Unit(order) => self.unit(order),
            Order::Thunk => Made::Thunk(self.thunk()),
            Order::Stubs { params, entry, fallback } => {
                let codes = self.entry(params, *entry).zip(self.fallback(params, *fallback));
                match codes {
                    Some((entry, fallback)) => Made::Stubs { params: params.clone(), entry, fallback },
                    None => Made::NoStubs,
                }
            }
        }
    }

    fn unit(&mut self, order: &UnitOrder) -> Made {
        let number = order.number;
        // The process ends where Cranelift is refused memory.
        if !is_room(ROOM + order.job.code.len() * ROOM_FOR_OPCODE) {
            return Made::Failed(number);
        }
        let mut unit = match build::build(&order.job) {
            Ok(unit) => unit,
            Err(why) => return Made::Refused(number, why),
        };
        check(&unit, &order.job);
        if order.level > 0 {
            opt::optimize(&mut unit);
            check(&unit, &order.job);
        }
        self.begin();
        let sig = &mut self.context.func.signature;
        match &unit.params {
            Some(params) => stubs::function_signature(params, sig),
            None => {
                sig.params.extend([AbiParam::new(types::I64); 2]);
                sig.returns.push(AbiParam::new(types::I64));
            }
        }
        let helpers = self.import_helpers();
        let signature = self.context.func.signature.clone();
        let own = unit.params.is_some();
        let own = own.then(|| import(&mut self.context.func, order.function, signature));
        let (name, sig) = (self.thunk_name(), stubs::thunk_signature());
        let recover = import(&mut self.context.func, name, sig);
        let cx = lower::Context { unit: &unit, order, helpers, recover, own };
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        let (exits, sites) = lower::lower(&cx, builder, self.isa.frontend_config());
        #[cfg(feature = "snapshots")]
        if let Some(recorder) = &mut self.recorder {
            recorder.unit(&unit, &self.context.func);
        }
        let clif = order.show.then(|| self.context.func.display().to_string());
        self.context.set_disasm(order.show);
        let Some(code) = self.finish(order.function, Effort::of(order.level, &unit)) else {
            return Made::Failed(number);
        };
        let text = clif.map(|clif| {
            let mut text = String::from("HIR\n");
            // Writing to a string does not fail.
            let _ = print::print(&unit, &mut text);
            let code = self.context.compiled_code().and_then(|c| c.vcode.clone()).unwrap_or_default();
            let _ = write!(text, "---- CLIF\n{clif}\n---- code\n{code}");
            text
        });
        Made::Unit(Box::new(MadeUnit { number, code, exits, shapes: shapes_of(&unit), sites, text }))
    }

    fn entry(&mut self, params: &[Ty], name: FuncId) -> Option<Code> {
        self.begin();
        stubs::entry_signature(&mut self.context.func.signature);
        let helpers = self.import_helpers();
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        stubs::entry(params, &helpers, builder, self.isa.frontend_config());
        self.finish(name, Effort::Plain)
    }

    /// The name of the thunk of recoveries, in every backend: the one behind those of the helpers.
    fn thunk_name(&self) -> FuncId {
        FuncId::from_u32(self.helpers.len() as u32)
    }

    fn thunk(&mut self) -> Option<Code> {
        self.begin();
        self.context.func.signature = stubs::thunk_signature();
        let helper = self.import_helpers()[helpers::Name::Recover as usize];
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        stubs::thunk(helper, builder, self.isa.frontend_config());
        self.finish(self.thunk_name(), Effort::Plain)
    }

    fn fallback(&mut self, params: &[Ty], name: FuncId) -> Option<Code> {
        self.begin();
        stubs::function_signature(params, &mut self.context.func.signature);
        let helper = self.import_helpers()[helpers::Name::Interpret as usize];
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        stubs::fallback(params, helper, builder, self.isa.frontend_config());
        self.finish(name, Effort::Plain)
    }

    /// An empty function.
    fn begin(&mut self) {
        self.context.clear();
        self.context.func.signature.call_conv = self.isa.default_call_conv();
    }

    fn import_helpers(&mut self) -> Vec<FuncRef> {
        let func = &mut self.context.func;
        let named = (0..).map(FuncId::from_u32).zip(&self.helpers);
        named.map(|(id, sig)| import(func, id, sig.clone())).collect()
    }

    /// The machine code of the function that has been built; `None` when Cranelift refuses.
    fn finish(&mut self, function: FuncId, effort: Effort) -> Option<Code> {
        let isa = match effort {
            Effort::Full => &self.isa,
            Effort::Plain => &self.plain,
            Effort::Hasty => &self.hasty,
        };
        if let Err(e) = self.context.compile(isa.as_ref(), &mut ControlPlane::default()) {
            // What is too large is refused; what is wrong is our mistake.
            debug_assert!(
                !matches!(e.inner, CodegenError::Verifier(_)),
                "{:?}\n{}",
                e.inner,
                self.context.func
            );
            return None;
        }
        let code = self.context.compiled_code()?;
        let name = |r| ModuleReloc::from_mach_reloc(r, &self.context.func, function);
        Some(Code {
            function,
            bytes: code.code_buffer().to_vec(),
            alignment: u64::from(code.buffer.alignment),
            relocations: code.buffer.relocs().iter().map(name).collect(),
        })
    }
}

/// Makes a function of the backend known to one that is being built.
fn import(func: &mut Function, id: FuncId, signature: Signature) -> FuncRef {
    let signature = func.import_signature(signature);
    let name = func.declare_imported_user_function(UserExternalName { namespace: 0, index: id.as_u32() });
    func.import_function(ExtFuncData {
        name: ExternalName::user(name),
        signature,
        colocated: false,
        patchable: false,
    })
}

/// Verifies a unit in builds with assertions.
fn check(unit: &Unit, job: &Job) {
    if cfg!(debug_assertions)
        && let Err(e) = verify::verify(unit)
    {
        let mut text = String::new();
        let _ = print::print(unit, &mut text);
        unreachable!("HIR of {}: {e}\n{text}", job.name);
    }
}

/// Processor time that this thread has had, in nanoseconds.
fn processor_time() -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes to `t` only.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

/// Where the native code of a state is.
pub struct Backend {
    module: JITModule,
    /// What compiles in place, once something has to.
    pub(crate) compiler: Option<Box<Compiler>>,
}

impl Backend {
    /// `None` when this machine cannot run native code; `probing`: the code is for the test mode
    /// that probes.
    pub fn new(code_memory: usize, probing: bool) -> Option<Box<Backend>> {
        let mut jit = JITBuilder::with_isa(host(Effort::Full)?, default_libcall_names());
        let table = helpers::table();
        for row in &table {
            jit.symbol(row.name, row.probed.filter(|_| probing).unwrap_or(row.address));
        }
        jit.memory_provider(Box::new(CodeMemory::new(code_memory)?));
        let mut module = JITModule::new(jit);
        for row in &table {
            let mut sig = module.make_signature();
            lower::signature(row.signature, &mut sig);
            module.declare_function(row.name, Linkage::Import, &sig).ok()?;
        }
        module.declare_function(THUNK, Linkage::Local, &stubs::thunk_signature()).ok()?;
        Some(Box::new(Backend { module, compiler: None }))
    }

    /// Compiles in place.
    pub fn fulfil(&mut self, order: &Order) -> Option<Reply> {
        if self.compiler.is_none() {
            self.compiler = Some(Compiler::new()?);
        }
        Some(self.compiler.as_mut()?.fulfil(order))
    }

    /// A name for a function that is to be compiled.
    pub fn name(&mut self) -> Option<FuncId> {
        // Whose signature is known to who compiles it.
        let sig = self.module.make_signature();
        self.module.declare_anonymous_function(&sig).ok()
    }

    /// Puts code where it can run; `None` when there is no room for it.
    pub fn place(&mut self, code: &Code) -> Option<*const u8> {
        let Code { function, bytes, alignment, relocations } = code;
        self.module.define_function_bytes(*function, *alignment, bytes, relocations).ok()?;
        self.module.finalize_definitions().ok()?;
        Some(self.module.get_finalized_function(*function))
    }
}

fn shapes_of(unit: &Unit) -> Vec<u32> {
    let mut shapes: Vec<u32> = unit
        .insts
        .iter()
        .flat_map(|i| match i.op {
            Op::GuardShape { ref shapes, .. } => shapes.clone(),
            Op::Lookup { ref cases, .. } | Op::StoreField { ref cases, .. } => {
                cases.iter().copied().flat_map(Case::shapes).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    shapes.sort_unstable();
    shapes.dedup();
    shapes
}

/// The next free number of a call site.
pub(crate) fn new_site(next: &AtomicU32) -> u32 {
    next.fetch_add(1, Ordering::Relaxed)
}
