//! Seeded defects: deliberate mistakes that the tests' generator has to find, as the proof of its own worth.
//!
//! They exist only with the cargo feature `seeded-defects`, which nothing but that proof turns on; the environment
//! variable `CRANELUA_DEFECT` names the one that is active. Without the feature [`seeded`] is a constant.

macro_rules! defects {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// A deliberate mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Defect { $(#[doc = $doc] $variant),* }

        impl Defect {
            /// Every defect.
            pub const ALL: &[Defect] = &[$(Defect::$variant),*];

            /// The name that chooses it.
            pub const fn name(self) -> &'static str {
                match self { $(Defect::$variant => $name),* }
            }
        }
    };
}

defects! {
    FloatModSign "float-mod-sign" "The rest of a float division keeps the sign of the dividend.";
    FloatFloor "float-floor" "`//` of floats cuts towards zero.";
    Square "square" "`x ^ 2` doubles.";
    FoldZero "fold-zero" "Constant folding gives zeros, which loses the sign of -0.0.";
    FoldShift "fold-shift" "Constant folding of `>>` drags the sign along.";
    NegativeZero "negative-zero" "-0.0 is written without its sign.";
    WholeFloat "whole-float" "Floats from 1e14 to 1e15 are written in full.";
    StoreBarrier "store-barrier" "A store of a value into an old object is not logged.";
    ObjectBarrier "object-barrier" "A store of a reference into an old object is not logged.";
    ExtraArguments "extra-arguments" "New extra arguments of a function that was tail called are not looked at.";
    FloatLoopSkip "float-loop-skip" "A float loop whose limit is its start does not run.";
    IntLoopLimit "int-loop-limit" "An integer loop up to a huge float ends early.";
    IntLoopCount "int-loop-count" "A loop with a step above one counts one turn too few.";
    AbsentMetamethod "absent-metamethod" "A metamethod that was found is remembered as absent.";
    StaleEpoch "stale-epoch" "Changes of a prototype leave caches valid.";
    UpvalueSlot "upvalue-slot" "A closed upvalue keeps an old tag when it holds a float.";
    UpvalueTwice "upvalue-twice" "Closures of one variable do not share it.";
    UpvalueLevel "upvalue-level" "Closing leaves the lowest variable open.";
    MixedLess "mixed-less" "An integer is compared with the floor of a float.";
    MixedLessEqual "mixed-less-equal" "A float above an integer by a fraction counts as equal.";
    TextOrder "text-order" "The order of strings ends at the first zero byte.";
    EqualSecond "equal-second" "`__eq` of the second operand is not asked.";
    EmptyConcat "empty-concat" "A number before an empty string stays a number.";
    CloseError "close-error" "A closing method gets no error value.";
    RemoveShift "remove-shift" "`table.remove` forgets to clear the last element.";
    SubEnd "sub-end" "`string.sub` drops the last byte of a middle part.";
    CapturedStore "captured-store" "Native code takes upvalues for unchanged by stores into the registers that they refer to.";
    UpvalueStore "upvalue-store" "Native code takes upvalues for unchanged by stores into upvalues.";
    SlotAlias "slot-alias" "Native code takes a field for unchanged by a store into another table, which may be the same one.";
    LengthStore "length-store" "Native code takes the length of a table for unchanged by stores into it.";
    NestedCall "nested-call" "A metamethod that native code calls is for its record a call like others.";
    PrototypeOrder "prototype-order" "A table that becomes a prototype has its entries where their hashes say.";
    ConcatHandler "concat-handler" "A concatenation that calls metamethods natively calls them for strings, too.";
    MethodObject "method-object" "A method lookup that calls a metamethod natively leaves its object out.";
    OpenReturn "open-return" "A native return loses what the call at its end gives.";
    TailClose "tail-close" "A native tail call leaves captured variables open.";
    LooseLoop "loose-loop" "A native loop of either kind ends one turn early when it counts in floats.";
    RecoveryFacts "recovery-facts" "Native code takes everything for unchanged by what the interpreter does in between.";
    WaitingRead "waiting-read" "Inlined functions do not see what they have stored.";
    FloatUnchecked "float-unchecked" "Native code takes any value for a float where it expects one.";
    ShapeUnchecked "shape-unchecked" "Native code does not look at the shape of a table with a known field.";
    CalleeUnchecked "callee-unchecked" "Native code does not look at which function it calls.";
    ExitRegister "exit-register" "Native code leaves one register behind where it leaves.";
    NativeModulo "native-modulo" "The rest of a native integer division has the sign of the dividend.";
    NativeBarrier "native-barrier" "A native store into an old object is not logged.";
    CellOverflow "cell-overflow" "A short string's end is written twice, out of its cell: for AddressSanitizer.";
}

/// Whether the defect is active.
#[cfg(feature = "seeded-defects")]
pub fn seeded(defect: Defect) -> bool {
    static ACTIVE: std::sync::OnceLock<Option<Defect>> = std::sync::OnceLock::new();
    *ACTIVE.get_or_init(|| {
        let name = std::env::var("CRANELUA_DEFECT").ok()?;
        Defect::ALL.iter().copied().find(|d| d.name() == name)
    }) == Some(defect)
}

/// Whether the defect is active: it is not.
#[cfg(not(feature = "seeded-defects"))]
#[inline(always)]
pub const fn seeded(_: Defect) -> bool {
    false
}
