//! Metatables and the names of metamethods.

use crate::error::LResult;
use crate::names;
use crate::object::{LString, Table, Userdata};
use crate::state::{GlobalState, LuaState};
use crate::value::{LuaType, TValue, tag};
use cranelua_compiler::defect::{Defect, seeded};

macro_rules! events {
    ($($variant:ident $name:literal $operation:literal;)*) => {
        /// Metamethod events. The numbers are those of the bytecode's MMBIN operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Event { $($variant),* }

        impl Event {
            /// Every event in numeric order.
            pub const ALL: [Event; NUM_EVENTS] = [$(Event::$variant),*];
            /// The key in a metatable.
            pub const fn name(self) -> &'static str {
                const NAMES: [&str; NUM_EVENTS] = [$($name),*];
                NAMES[self as usize]
            }
            /// The operation, as error messages name the metamethod's caller.
            pub const fn operation(self) -> &'static str {
                const NAMES: [&str; NUM_EVENTS] = [$($operation),*];
                NAMES[self as usize]
            }
        }
        const COUNT: usize = [$($name),*].len();
    };
}

events! {
    Index "__index" "index";
    NewIndex "__newindex" "newindex";
    Gc "__gc" "gc";
    Mode "__mode" "mode";
    Len "__len" "len";
    Eq "__eq" "eq";
    Add "__add" "add";
    Sub "__sub" "sub";
    Mul "__mul" "mul";
    Mod "__mod" "mod";
    Pow "__pow" "pow";
    Div "__div" "div";
    IDiv "__idiv" "idiv";
    BAnd "__band" "band";
    BOr "__bor" "bor";
    BXor "__bxor" "bxor";
    Shl "__shl" "shl";
    Shr "__shr" "shr";
    Unm "__unm" "unm";
    BNot "__bnot" "bnot";
    Lt "__lt" "lt";
    Le "__le" "le";
    Concat "__concat" "concat";
    Call "__call" "call";
    Close "__close" "close";
}

/// Number of events.
pub const NUM_EVENTS: usize = 25;
const _: () = assert!(COUNT == NUM_EVENTS);

impl Event {
    /// The event with this number.
    #[inline]
    pub const fn from_u8(n: u8) -> Option<Event> {
        if (n as usize) < NUM_EVENTS { Some(Event::ALL[n as usize]) } else { None }
    }
}

/// The metamethod of a metatable; absence of the first six events is
/// remembered in the metatable, which is a prototype and so forgets it when
/// one of its metamethods changes.
///
/// # Safety
/// `g` and `meta` are live; `meta` is the metatable of something.
#[inline(always)]
pub unsafe fn fast_event(g: *mut GlobalState, meta: *mut Table, event: Event) -> TValue {
    if event as u8 <= Event::Eq as u8 {
        if (*meta).hdr.b3 & 1 << event as u8 != 0 {
            return TValue::NIL;
        }
        return lookup_and_note(g, meta, event);
    }
    Table::get_short_string(g, meta, names::event(event))
}

#[inline(never)]
unsafe fn lookup_and_note(g: *mut GlobalState, meta: *mut Table, event: Event) -> TValue {
    let v = Table::get_short_string(g, meta, names::event(event));
    if (v.is_nil() || seeded(Defect::AbsentMetamethod))
        && (*meta).hdr.flags & crate::gc::header::flag::PROTOTYPE != 0
    {
        (*meta).hdr.b3 |= 1 << event as u8;
    }
    v
}

/// The metatable of a value, or null.
///
/// # Safety
/// All arguments are live.
#[inline]
pub unsafe fn of(g: *mut GlobalState, v: TValue) -> *mut Table {
    match v.tag {
        tag::TABLE => (*v.as_table()).meta,
        tag::USERDATA => (*v.as_userdata()).metatable,
        t => (*g).type_metatables[tag::type_of(t) as usize],
    }
}

/// Whether the text of a value is not a metamethod's to make (`luaL_tolstring`).
///
/// # Safety
/// All arguments are live.
#[inline]
pub unsafe fn has_own_text(g: *mut GlobalState, v: TValue) -> bool {
    let meta = of(g, v);
    meta.is_null()
        || names::find(b"__tostring").is_none_or(|name| Table::get_short_string(g, meta, name).is_nil())
}

/// The metamethod of a value, or nil.
///
/// # Safety
/// All arguments are live.
pub unsafe fn event_of_value(l: *mut LuaState, v: TValue, event: Event) -> TValue {
    let meta = of((*l).g, v);
    if meta.is_null() { TValue::NIL } else { fast_event((*l).g, meta, event) }
}

/// The metamethod of the first of two values that has one, or nil.
///
/// # Safety
/// All arguments are live.
pub unsafe fn event_of_either(l: *mut LuaState, a: TValue, b: TValue, event: Event) -> TValue {
    let f = event_of_value(l, a, event);
    if f.is_nil() { event_of_value(l, b, event) } else { f }
}

/// Sets the metatable of a table, userdata or basic type (null removes it),
/// noting a finaliser.
///
/// # Safety
/// All arguments are live and anchored.
pub unsafe fn set(l: *mut LuaState, v: TValue, meta: *mut Table) -> LResult<()> {
    if !meta.is_null() {
        Table::make_prototype(l, meta)?;
    }
    match v.tag {
        tag::TABLE => {
            Table::set_metatable(l, v.as_table(), meta)?;
            crate::gc::finalize::check(l, v.as_object(), meta)
        }
        tag::USERDATA => {
            let u: *mut Userdata = v.as_userdata();
            (*u).metatable = meta;
            if !meta.is_null() {
                crate::gc::barrier::on_store_object(l, v.as_object());
            }
            crate::gc::finalize::check(l, v.as_object(), meta)
        }
        t => {
            (*(*l).g).type_metatables[tag::type_of(t) as usize] = meta;
            // Caches that look through the string metatable compare the epoch.
            (*(*l).g).shapes.epoch = (*(*l).g).shapes.epoch.wrapping_add(1);
            Ok(())
        }
    }
}

/// The `__name` of a value's metatable, if it is a string.
///
/// # Safety
/// All arguments are live; the bytes stay valid while the metatable is as it is.
pub unsafe fn name_of<'a>(g: *mut GlobalState, v: TValue) -> Option<&'a [u8]> {
    let meta = of(g, v);
    if meta.is_null() {
        return None;
    }
    let name = Table::get_short_string(g, meta, names::find(b"__name")?);
    name.is_string().then(|| LString::bytes(name.as_string()))
}

/// The type name that error messages of operators use: `__name` of tables and userdata (`luaT_objtypename`).
///
/// # Safety
/// As for [`name_of`].
pub unsafe fn type_name<'a>(l: *mut LuaState, v: TValue) -> &'a [u8] {
    let named = matches!(v.tag, tag::TABLE | tag::USERDATA);
    let name = if named { name_of((*l).g, v) } else { None };
    name.unwrap_or(LuaType::of(v.tag).name().as_bytes())
}
