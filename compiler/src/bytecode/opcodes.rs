//! THE opcode table. One row an opcode, in numeric order; the enum, names,
//! formats, the lister, the verifier and the tiers are generated from it or
//! checked against it.
//!
//! A row reads: variant, name, format, flags, then its meaning. The flags:
//! `a` the instruction sets register A; `t` it is a test (the next
//! instruction is a jump); `i` it uses the top that the instruction before it
//! set (when B = 0); `o` it sets the top for the next one (when C = 0); `m`
//! it calls a metamethod for the arithmetic instruction before it.
//!
//! Notation: R[x] register, K[x] constant, RK(x) constant when k is set and
//! register otherwise, U[x] upvalue, sX signed operand, `nil ->` skip next.

/// Operand format of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpMode {
    ABC,
    ABx,
    AsBx,
    Ax,
    SJ,
}

/// Calls `$mac!` with every row of the opcode table.
#[macro_export]
macro_rules! for_each_opcode {
    ($mac:ident) => {
        $mac! {
            Move "MOVE" ABC "a" "R[A] := R[B]";
            LoadI "LOADI" AsBx "a" "R[A] := sBx";
            LoadF "LOADF" AsBx "a" "R[A] := (float) sBx";
            LoadK "LOADK" ABx "a" "R[A] := K[Bx]";
            LoadKX "LOADKX" ABx "a" "R[A] := K[Ax of the next EXTRAARG]";
            LoadFalse "LOADFALSE" ABC "a" "R[A] := false";
            LFalseSkip "LFALSESKIP" ABC "a" "R[A] := false; pc++";
            LoadTrue "LOADTRUE" ABC "a" "R[A] := true";
            LoadNil "LOADNIL" ABC "a" "R[A], ..., R[A+B] := nil";
            GetUpval "GETUPVAL" ABC "a" "R[A] := U[B]";
            SetUpval "SETUPVAL" ABC "" "U[B] := R[A]";
            GetTabUp "GETTABUP" ABC "a" "R[A] := U[B][K[C] short string]";
            GetTable "GETTABLE" ABC "a" "R[A] := R[B][R[C]]";
            GetI "GETI" ABC "a" "R[A] := R[B][C]";
            GetField "GETFIELD" ABC "a" "R[A] := R[B][K[C] short string]";
            SetTabUp "SETTABUP" ABC "" "U[A][K[B] short string] := RK(C)";
            SetTable "SETTABLE" ABC "" "R[A][R[B]] := RK(C)";
            SetI "SETI" ABC "" "R[A][B] := RK(C)";
            SetField "SETFIELD" ABC "" "R[A][K[B] short string] := RK(C)";
            NewTable "NEWTABLE" ABC "a" "R[A] := {} with 2^(B-1) hash places and C array places; EXTRAARG follows";
            SelfOp "SELF" ABC "a" "R[A+1] := R[B]; R[A] := R[B][RK(C) string]";
            AddI "ADDI" ABC "a" "R[A] := R[B] + sC";
            AddK "ADDK" ABC "a" "R[A] := R[B] + K[C] number";
            SubK "SUBK" ABC "a" "R[A] := R[B] - K[C] number";
            MulK "MULK" ABC "a" "R[A] := R[B] * K[C] number";
            ModK "MODK" ABC "a" "R[A] := R[B] % K[C] number";
            PowK "POWK" ABC "a" "R[A] := R[B] ^ K[C] number";
            DivK "DIVK" ABC "a" "R[A] := R[B] / K[C] number";
            IDivK "IDIVK" ABC "a" "R[A] := R[B] // K[C] number";
            BAndK "BANDK" ABC "a" "R[A] := R[B] & K[C] integer";
            BOrK "BORK" ABC "a" "R[A] := R[B] | K[C] integer";
            BXorK "BXORK" ABC "a" "R[A] := R[B] ~ K[C] integer";
            ShrI "SHRI" ABC "a" "R[A] := R[B] >> sC";
            ShlI "SHLI" ABC "a" "R[A] := sC << R[B]";
            Add "ADD" ABC "a" "R[A] := R[B] + R[C]";
            Sub "SUB" ABC "a" "R[A] := R[B] - R[C]";
            Mul "MUL" ABC "a" "R[A] := R[B] * R[C]";
            Mod "MOD" ABC "a" "R[A] := R[B] % R[C]";
            Pow "POW" ABC "a" "R[A] := R[B] ^ R[C]";
            Div "DIV" ABC "a" "R[A] := R[B] / R[C]";
            IDiv "IDIV" ABC "a" "R[A] := R[B] // R[C]";
            BAnd "BAND" ABC "a" "R[A] := R[B] & R[C]";
            BOr "BOR" ABC "a" "R[A] := R[B] | R[C]";
            BXor "BXOR" ABC "a" "R[A] := R[B] ~ R[C]";
            Shl "SHL" ABC "a" "R[A] := R[B] << R[C]";
            Shr "SHR" ABC "a" "R[A] := R[B] >> R[C]";
            MmBin "MMBIN" ABC "m" "call metamethod C over R[A] and R[B]";
            MmBinI "MMBINI" ABC "m" "call metamethod C over R[A] and sB; k: operands flipped";
            MmBinK "MMBINK" ABC "m" "call metamethod C over R[A] and K[B]; k: operands flipped";
            Unm "UNM" ABC "a" "R[A] := -R[B]";
            BNot "BNOT" ABC "a" "R[A] := ~R[B]";
            Not "NOT" ABC "a" "R[A] := not R[B]";
            Len "LEN" ABC "a" "R[A] := #R[B]";
            Concat "CONCAT" ABC "a" "R[A] := R[A] .. ... .. R[A+B-1]";
            Close "CLOSE" ABC "" "close all upvalues >= R[A]";
            Tbc "TBC" ABC "" "mark variable R[A] to be closed";
            Jmp "JMP" SJ "" "pc += sJ";
            Eq "EQ" ABC "t" "if ((R[A] == R[B]) ~= k) then pc++";
            Lt "LT" ABC "t" "if ((R[A] < R[B]) ~= k) then pc++";
            Le "LE" ABC "t" "if ((R[A] <= R[B]) ~= k) then pc++";
            EqK "EQK" ABC "t" "if ((R[A] == K[B]) ~= k) then pc++";
            EqI "EQI" ABC "t" "if ((R[A] == sB) ~= k) then pc++";
            LtI "LTI" ABC "t" "if ((R[A] < sB) ~= k) then pc++";
            LeI "LEI" ABC "t" "if ((R[A] <= sB) ~= k) then pc++";
            GtI "GTI" ABC "t" "if ((R[A] > sB) ~= k) then pc++";
            GeI "GEI" ABC "t" "if ((R[A] >= sB) ~= k) then pc++";
            Test "TEST" ABC "t" "if (not R[A] == k) then pc++";
            TestSet "TESTSET" ABC "ta" "if (not R[B] == k) then pc++ else R[A] := R[B]";
            Call "CALL" ABC "ioa" "R[A], ..., R[A+C-2] := R[A](R[A+1], ..., R[A+B-1])";
            TailCall "TAILCALL" ABC "ioa" "return R[A](R[A+1], ..., R[A+B-1])";
            Return "RETURN" ABC "i" "return R[A], ..., R[A+B-2]";
            Return0 "RETURN0" ABC "" "return";
            Return1 "RETURN1" ABC "" "return R[A]";
            ForLoop "FORLOOP" ABx "a" "update counters; if the loop continues then pc -= Bx";
            ForPrep "FORPREP" ABx "a" "check values and prepare counters; if the loop does not run then pc += Bx+1";
            TForPrep "TFORPREP" ABx "" "mark R[A+3] to be closed; pc += Bx";
            TForCall "TFORCALL" ABC "" "R[A+4], ..., R[A+3+C] := R[A](R[A+1], R[A+2])";
            TForLoop "TFORLOOP" ABx "a" "if R[A+4] ~= nil then { R[A+2] := R[A+4]; pc -= Bx }";
            SetList "SETLIST" ABC "i" "R[A][C+i] := R[A+i], 1 <= i <= B";
            Closure "CLOSURE" ABx "a" "R[A] := closure of prototype Bx";
            VarArg "VARARG" ABC "oa" "R[A], ..., R[A+C-2] := vararg";
            VarArgPrep "VARARGPREP" ABC "ia" "adjust the vararg parameters";
            ExtraArg "EXTRAARG" Ax "" "extra (larger) argument of the instruction before";
        }
    };
}

macro_rules! define_opcodes {
    ($($variant:ident $name:literal $mode:ident $flags:literal $doc:literal;)*) => {
        /// An opcode of Lua 5.4; its number is its place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum OpCode { $(#[doc = $doc] $variant),* }

        /// Every opcode, in numeric order.
        pub const ALL: &[OpCode] = &[$(OpCode::$variant),*];

        const NAMES: &[&str] = &[$($name),*];
        const MODES: &[OpMode] = &[$(OpMode::$mode),*];
        const FLAGS: &[&str] = &[$($flags),*];
        const DOCS: &[&str] = &[$($doc),*];
    };
}
for_each_opcode!(define_opcodes);

/// Number of opcodes.
pub const NUM_OPCODES: usize = ALL.len();

const fn has_flag(flags: &str, flag: u8) -> bool {
    let bytes = flags.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == flag {
            return true;
        }
        i += 1;
    }
    false
}

impl OpCode {
    #[inline(always)]
    pub const fn from_u8(n: u8) -> Option<OpCode> {
        if (n as usize) < NUM_OPCODES { Some(ALL[n as usize]) } else { None }
    }
    /// The name as `luac` prints it.
    pub const fn name(self) -> &'static str {
        NAMES[self as usize]
    }
    pub const fn mode(self) -> OpMode {
        MODES[self as usize]
    }
    /// What the instruction does, in the table's notation.
    pub const fn doc(self) -> &'static str {
        DOCS[self as usize]
    }
    /// Whether it sets register A.
    pub const fn sets_a(self) -> bool {
        has_flag(FLAGS[self as usize], b'a')
    }
    /// Whether it is a test, followed by a jump.
    pub const fn is_test(self) -> bool {
        has_flag(FLAGS[self as usize], b't')
    }
    /// Whether it uses the top set by the instruction before it (when B = 0).
    pub const fn uses_top(self) -> bool {
        has_flag(FLAGS[self as usize], b'i')
    }
    /// Whether it sets the top for the instruction after it (when C = 0).
    pub const fn sets_top(self) -> bool {
        has_flag(FLAGS[self as usize], b'o')
    }
    /// Whether it is a metamethod call for the instruction before it.
    pub const fn is_metamethod(self) -> bool {
        has_flag(FLAGS[self as usize], b'm')
    }
}

const _: () = assert!(NUM_OPCODES == 83);
