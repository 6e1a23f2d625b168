//! Why native code leaves for the interpreter: THE table of reasons.

macro_rules! reasons {
    ($($variant:ident $name:literal $text:literal;)*) => {
        /// Reason of an exit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Reason { $(#[doc = $text] $variant),* }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Reason] = &[$(Reason::$variant),*];
            /// Short name, for statistics.
            pub const fn name(self) -> &'static str {
                const NAMES: &[&str] = &[$($name),*];
                NAMES[self as usize]
            }
            /// The reason in words.
            pub const fn text(self) -> &'static str {
                const TEXTS: &[&str] = &[$($text),*];
                TEXTS[self as usize]
            }
        }
    };
}

reasons! {
    LoopEnd "loop_end" "the loop ended";
    Type "guard_type" "a value had another type than before";
    Block "guard_block" "a register had another type where a block begins than before";
    Control "guard_control" "a numeric loop was of another kind than before";
    Array "guard_array" "an array access out of bounds, or with a metatable";
    Element "guard_element" "an element had another type than before";
    Result "guard_result" "a call returned another type than before";
    Number "guard_number" "numbers were of different kinds, or something else was no number";
    Shape "guard_shape" "a table had another shape than before";
    Field "guard_field" "a field had another type than before, or was nil";
    Node "guard_node" "a field of a dictionary moved or had another type than before";
    Upvalue "guard_upvalue" "an upvalue had another type than before";
    Callee "guard_callee" "another function was called than before";
    Metatable "guard_metatable" "a table had a metatable";
    ZeroDivisor "guard_divisor" "an integer was divided by zero";
    Results "guard_results" "a call returned another number of values than one";
    Hoisted "guard_hoisted" "a guard that was moved out of the loop failed";
    Inlined "guard_inlined" "a guard failed in a function whose work is done at the call";
    Entry "entry" "the stack was too small, or a hook was set, when a function was entered";
    Return "return" "the function returns in a way that is the interpreter's";
    Declined "declined" "a library function has arguments that it has no quick way for";
    AfterCall "after_call" "a call changed what the code relies on, or a hook was set";
    AfterOpenCall "after_open_call" "as after_call, with any number of results";
    Interrupt "interrupt" "a hook was set, or the code was thrown away, while it ran";
    NoFeedback "no_feedback" "the instruction had not been executed before";
    Recovered "recovered" "no exit: the interpreter ran an instruction for native code";
    Forced "forced" "the guard was made to fail";
}

impl Reason {
    /// Whether the frame leaves with all results of a call, wherever these end.
    pub const fn has_results(self) -> bool {
        matches!(self, Reason::Results | Reason::AfterOpenCall)
    }

    /// Whether the exit says that the code was made on a wrong assumption.
    pub const fn is_failure(self) -> bool {
        !matches!(
            self,
            Reason::LoopEnd
                | Reason::Entry
                | Reason::Return
                | Reason::Declined
                | Reason::AfterCall
                | Reason::AfterOpenCall
                | Reason::Interrupt
                | Reason::Recovered
                | Reason::Forced
        )
    }
}
