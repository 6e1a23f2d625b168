//! NEWTABLE sites: how many slots the tables of each are given.
//!
//! - At first as many as the instruction asks for; where its constructor's code names
//!   more than half of these fields, exactly as many as it names. The first tables of a site get
//!   [`SPARE`] more, because what makes objects of a derived class adds fields to those of its base
//!   class: as dictionaries they would be slow as long as they live. Main chunks often run a site
//!   only once, for data: there the second table is the first to get more.
//! - The first tables of a site are looked at again when the next one is made: if they
//!   came to need more (or less than was asked for), later ones get that.
//! - Tables may get further fields long after. When tables of a shape run out of slots
//!   again and again, so becoming dictionaries, the sites whose tables have had that shape
//!   or one that it comes from give some more ([`ran_out`]).

use crate::error::LResult;
use crate::gc::header::flag;
use crate::object::proto::IcKind;
use crate::object::shape::{EMPTY_SHAPE, MAX_SLOTS, ShapeId};
use crate::object::{InlineCache, Proto, Table};
use crate::state::{GlobalState, LuaState};
use crate::value::{Tag, tag};
use cranelua_compiler::bytecode::OpCode;

/// Slots for the next table of a NEWTABLE site: what the instruction asks for
/// or what earlier tables of the site came to need.
#[inline]
unsafe fn site_slots(l: *mut LuaState, ic: *mut InlineCache, asked: usize) -> usize {
    if (*ic).misses == 0 {
        return (*ic).index as usize;
    }
    look_back(l, ic, asked)
}

/// Slots that a constructor needs which asks for `asked` fields, of which `sure` are named.
fn exact(asked: usize, sure: usize) -> usize {
    // What is asked for is rounded up to a power of two.
    if sure > asked / 2 { sure } else { asked }
}

/// `slots` for one of the first tables of a site.
fn with_spare(slots: usize) -> usize {
    if slots > MAX_SLOTS { slots } else { (slots + SPARE).min(MAX_SLOTS) }
}

/// Prepares the caches of NEWTABLE instructions: their constructors' SETFIELDs follow.
///
/// # Safety
/// `p` is live, its caches are new.
pub(crate) unsafe fn prepare_sites(p: *mut Proto) {
    let main_chunk = (*p).line_defined == 0;
    for pc in 0..(*p).ncode as usize {
        let i = Proto::instruction(p, pc);
        if i.op() == OpCode::NewTable {
            let ic = (*p).ics.add((*(*p).code.add(pc) >> 32) as usize);
            let asked = asked_for(i.b());
            let sure = if asked > 0 { named_fields(p, pc).min(asked) } else { 0 };
            let slots = exact(asked, sure);
            *ic = InlineCache {
                kind: IcKind::Site,
                index: if main_chunk { slots } else { with_spare(slots) } as u32,
                slot: sure as u32,
                misses: LOOKS,
                ..InlineCache::EMPTY
            };
        }
    }
}

/// Fields that a NEWTABLE asks for by its operand B.
fn asked_for(b: u32) -> usize {
    if b > 0 { 1 << (b - 1) } else { 0 }
}

/// How many fields the code after the NEWTABLE at `pc` stores into its register under
/// constant names. May count some of a later table, but none of one that is made by a
/// NEWTABLE there.
unsafe fn named_fields(p: *mut Proto, pc: usize) -> usize {
    let a = Proto::instruction(p, pc).a();
    let mut n = 0;
    for at in pc + 1..((*p).ncode as usize).min(pc + MAX_CONSTRUCTOR) {
        let i = Proto::instruction(p, at);
        match i.op() {
            OpCode::SetField if i.a() == a => n += 1,
            OpCode::NewTable if i.a() == a => break,
            OpCode::Return | OpCode::Return0 | OpCode::Return1 => break,
            _ => {}
        }
    }
    n
}

/// Instructions of a constructor that are looked at.
const MAX_CONSTRUCTOR: usize = 256;

/// How many tables of a site are looked at before it is settled: each of the first
/// [`EVERY_ONE`], then one at each power of two. So some are looked at long after they were
/// made: in a recursion the last one has not got its fields yet.
const LOOKS: u8 = 17;
const EVERY_ONE: u32 = 8;
/// Slots that the first [`EVERY_ONE`] tables get beyond what is known of the site.
const SPARE: usize = 4;
/// After so many tables a site is settled in any case.
const LAST_LOOK: u32 = 1 << 14;

#[cold]
unsafe fn look_back(l: *mut LuaState, ic: *mut InlineCache, asked: usize) -> usize {
    let last = (*ic).holder;
    let g = (*l).g;
    (*ic).aux += 1;
    let seen = (*ic).tag_offset as usize;
    let known = exact(asked, (*ic).slot as usize).max(if seen > MAX_SLOTS { 0 } else { seen });
    if (*ic).aux == 2 {
        (*ic).index = (*ic).index.max(with_spare(known) as u32);
    } else if (*ic).aux == EVERY_ONE + 1 {
        (*ic).index = known as u32;
    }
    if (*ic).aux > EVERY_ONE && !(*ic).aux.is_power_of_two() {
        return (*ic).index as usize;
    }
    if (*ic).aux >= LAST_LOOK {
        (*ic).misses = 1;
    }
    (*ic).holder = std::ptr::null_mut();
    if last.is_null() || (*ic).epoch != (*g).gc.cycles {
        // There is none, or it may have died since.
        if (*ic).aux >= LAST_LOOK {
            (*ic).misses = 0;
        }
        return (*ic).index as usize;
    }
    (*ic).misses -= 1;
    let need = if (*g).shapes.is_dict((*last).hdr.w) {
        if (*last).hdr.flags & flag::PROTOTYPE != 0 { asked } else { dict_string_keys(last) }
    } else {
        Table::slot_count(g, last)
    };
    // This one may not have all its fields yet.
    let most = need.max((*ic).tag_offset as usize);
    (*ic).tag_offset = most.min(u16::MAX as usize) as u16;
    note_shape(g, ic, (*last).hdr.w);
    if need <= MAX_SLOTS && need > (*ic).index as usize {
        (*ic).index = need as u32;
    } else if (*ic).misses == 0 && most < (*ic).index as usize && asked > most {
        // The instruction's size is rounded up to a power of two.
        (*ic).index = most.max(asked / 2).max((*ic).slot as usize) as u32;
    }
    (*ic).index as usize
}

/// The shape with the fewest fields that a table of the site had stays in `shape`, if it says
/// something of the table.
unsafe fn note_shape(g: *mut GlobalState, ic: *mut InlineCache, id: ShapeId) {
    let shapes = &(*g).shapes;
    // Tables of several classes may be made there: what they have in common is what they had before their metatables.
    let id = match shapes.without_metatable(id) {
        EMPTY_SHAPE => id,
        plain => plain,
    };
    let (seen, had) = (shapes.get(id), (*ic).shape);
    if id != EMPTY_SHAPE && !shapes.is_dict(id) && (had == 0 || seen.count < shapes.get(had).count) {
        (*ic).shape = id;
    }
}

/// A table of shape `id` has no slot left for one more field. Makes more of them for
/// tables to come, if that happens again and again.
///
/// # Safety
/// `g` is live.
#[cold]
pub(crate) unsafe fn ran_out(g: *mut GlobalState, id: ShapeId) {
    if !(*g).shapes.note_overflow(id) {
        return;
    }
    let full = (*g).shapes.get(id).count as usize;
    for &p in (*g).gc.protos.iter() {
        if (*p).ics.is_null() {
            continue;
        }
        for i in 1..=(*p).ic_count as usize {
            let ic = (*p).ics.add(i);
            // The shape that a site remembers may be dead, and its number another's: then
            // tables of this site get more slots than they need.
            if (*ic).kind == IcKind::Site
                && (*ic).index as usize <= full
                && (*ic).shape != 0
                && (*g).shapes.comes_from(id, (*ic).shape)
            {
                (*ic).index = (full + (full / 4).max(1)).min(MAX_SLOTS) as u32;
            }
        }
    }
}

unsafe fn dict_string_keys(t: *mut Table) -> usize {
    let mut n = 0;
    for i in 0..Table::node_count(t) {
        n += usize::from((*(*t).node.add(i)).ktag as Tag == tag::SHORT_STRING);
    }
    n
}

/// Remembers the table that a site has just made, if it is to be looked at.
#[inline(always)]
unsafe fn note_site(l: *mut LuaState, ic: *mut InlineCache, t: *mut Table) {
    if (*ic).misses != 0 && (*ic).holder.is_null() {
        (*ic).holder = t;
        (*ic).epoch = (*(*l).g).gc.cycles;
    }
}

/// The table of a NEWTABLE, unanchored: `asked` as its operand B has it, `elements` to come.
///
/// # Safety
/// `l` and `ic` are live; every live value is reachable.
#[inline(always)]
pub unsafe fn new_table(
    l: *mut LuaState,
    ic: *mut InlineCache,
    asked: u32,
    elements: usize,
) -> LResult<*mut Table> {
    let asked = asked_for(asked);
    let slots = site_slots(l, ic, asked);
    let t = if elements == 0 && slots <= MAX_SLOTS {
        Table::new(l, slots)?
    } else {
        Table::with_capacity(l, elements, slots)?
    };
    note_site(l, ic, t);
    Ok(t)
}
