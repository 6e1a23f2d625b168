//! Memory contracts: exact sizes and balance of a state's allocator, and what
//! happens when memory is refused: an emergency collection, then "not enough
//! memory", and nothing lost.

use cranelua_engine::runtime::api::Lua;
use cranelua_engine::runtime::gc::alloc::Refusal;
use cranelua_engine::runtime::state::{self, LuaState, status};
use cranelua_engine::runtime::stdlib;
use std::collections::HashMap;
use std::ptr::{NonNull, null_mut};

/// An allocator that knows every block and its size.
#[derive(Default)]
struct Checker {
    blocks: HashMap<usize, usize>,
    used: usize,
    peak: usize,
    limit: Option<usize>,
    /// Growing requests until one is refused; 0: none.
    refuse_after: u64,
    for_good: bool,
    refused: u64,
    /// Blocks of more than so many bytes are refused when they are whole pages and a head:
    /// chunks are small then, and asked for often.
    largest_chunk: Option<usize>,
}

unsafe extern "C" fn checked(
    ud: *mut libc::c_void,
    p: *mut libc::c_void,
    old: usize,
    new: usize,
) -> *mut libc::c_void {
    // SAFETY: `ud` is the checker that `with_state` keeps; nothing else uses it meanwhile.
    let c = unsafe { &mut *(ud as *mut Checker) };
    let had = if p.is_null() { 0 } else { c.blocks[&(p as usize)] };
    if !p.is_null() {
        assert_eq!(had, old, "wrong size given back");
    }
    if new == 0 {
        c.blocks.remove(&(p as usize));
        c.used -= had;
        // SAFETY: a block of C's allocator or null.
        unsafe { libc::free(p) };
        return null_mut();
    }
    if new > had {
        if c.limit.is_some_and(|limit| c.used - had + new > limit)
            || c.largest_chunk.is_some_and(|largest| new > largest && new % 4096 == 32)
        {
            c.refused += 1;
            return null_mut();
        }
        if c.refuse_after > 0 {
            c.refuse_after -= 1;
            if c.refuse_after == 0 {
                c.refuse_after = u64::from(c.for_good);
                c.refused += 1;
                return null_mut();
            }
        }
    }
    // SAFETY: a block of C's allocator or null.
    let q = unsafe { libc::realloc(p, new) };
    assert!(!q.is_null());
    c.blocks.remove(&(p as usize));
    c.blocks.insert(q as usize, new);
    c.used = c.used - had + new;
    c.peak = c.peak.max(c.used);
    q
}

/// Makes a state on a checker, runs `body`, closes it, and checks the balance.
fn with_state<T>(mut checker: Checker, body: impl FnOnce(NonNull<LuaState>, *mut Checker) -> T) -> Option<T> {
    let c = &raw mut checker;
    // SAFETY: the checker outlives the state, which is closed here.
    let result = unsafe {
        state::new_state(checked, c as *mut libc::c_void, 7, &cranelua_interp::HOOKS).map(|l| {
            let result = body(l, c);
            state::close_state(l.as_ptr());
            result
        })
    };
    assert!(checker.blocks.is_empty(), "{} blocks are left after close", checker.blocks.len());
    assert_eq!(checker.used, 0);
    result
}

const PROGRAM: &[u8] = include_bytes!("memory.lua");

fn text_on_top(l: Lua) -> Vec<u8> {
    l.to_bytes(-1).ok().flatten().map(<[u8]>::to_vec).unwrap_or_default()
}

/// Opens the libraries and runs the program; the status, and the value on top as a string.
fn run(l: Lua, program: &[u8]) -> (u8, Vec<u8>) {
    let mut s = l.protected(stdlib::open_all);
    if s == status::OK {
        s = l.load(program, b"=memory", b"t");
    }
    if s == status::OK {
        s = l.pcall(0, 1, 0);
    }
    (s, text_on_top(l))
}

fn check_outcome(s: u8, text: &[u8], at: u64) {
    if s == status::OK {
        assert_eq!(text, b"done", "refusal {at}");
    } else {
        let text = String::from_utf8_lossy(text);
        assert!(text.contains("not enough memory"), "refusal {at}, status {s}: {text}");
    }
}

/// Runs the program with cell `after` refused.
fn run_refusing(after: u64, for_good: bool) -> (u8, bool) {
    let outcome = with_state(Checker::default(), |l, _| {
        // SAFETY: the state is open.
        unsafe {
            let heap = &raw mut (*(*l.as_ptr()).g).heap;
            (*heap).refuse(Refusal { after, for_good });
            let (s, text) = run(Lua::from_raw(l.as_ptr()), PROGRAM);
            let left = (*heap).refusal().after;
            let reached = left == 1 || left > after;
            // Finalisers may run at the close.
            (*heap).refuse(Refusal::default());
            check_outcome(s, &text, after);
            (s, reached)
        }
    });
    outcome.expect("the state is made before anything is refused")
}

#[test]
fn the_program_runs() {
    for after in [0, 1 << 40] {
        let (s, _) = run_refusing(after, false);
        assert_eq!(s, status::OK);
    }
}

#[test]
fn an_emergency_collection_at_any_cell_loses_nothing() {
    for after in 1.. {
        let (s, reached) = run_refusing(after, false);
        assert_eq!(s, status::OK, "cell {after}: one refusal is made good by a collection");
        if !reached {
            break;
        }
    }
}

#[test]
fn running_out_of_cells_anywhere_is_an_error() {
    for after in 1.. {
        let (s, reached) = run_refusing(after, true);
        if s == status::OK && !reached {
            break;
        }
    }
}

fn refuse_blocks(for_good: bool) {
    for after in 1.. {
        let checker =
            Checker { refuse_after: after, for_good, largest_chunk: Some(3 << 12), ..Checker::default() };
        let refused = with_state(checker, |l, c| {
            // SAFETY: the state is open, and so the checker in use.
            unsafe {
                let (s, text) = run(Lua::from_raw(l.as_ptr()), PROGRAM);
                check_outcome(s, &text, after);
                let done = s == status::OK && (*c).refuse_after > u64::from(for_good);
                (*c).refuse_after = 0;
                done
            }
        });
        if refused == Some(true) {
            break;
        }
    }
}

#[test]
fn refusing_any_block_once() {
    refuse_blocks(false);
}

#[test]
fn refusing_any_block_and_all_later_ones() {
    refuse_blocks(true);
}

#[test]
fn limits_while_parsing() {
    let mut source = b"local t = {".to_vec();
    for i in 0..20_000 {
        source.extend_from_slice(format!("f{i} = 'text number {i}', ").as_bytes());
    }
    source.extend_from_slice(b"} return 'done'");
    for room in [1 << 10, 10 << 10] {
        with_state(Checker::default(), |l, c| {
            // SAFETY: the state is open, and so the checker in use.
            unsafe {
                let lua = Lua::from_raw(l.as_ptr());
                assert_eq!(lua.protected(stdlib::open_all), status::OK);
                (*c).limit = Some((*c).used + room);
                let s = lua.load(&source, b"=source", b"t");
                assert_eq!(s, status::MEMORY);
                assert_eq!(text_on_top(lua), b"not enough memory");
                // With its memory back, the state goes on.
                (*c).limit = None;
                assert_eq!(lua.load(&source, b"=source", b"t"), status::OK);
                assert_eq!(lua.pcall(0, 1, 0), status::OK);
            }
        })
        .expect("a state");
    }
}

#[test]
fn limits_of_a_running_program() {
    let endless: [&[u8]; 5] = [
        b"local t = {} for i = 1, 1e9 do t[i] = {i} end",
        b"local s = 'x' while true do s = s .. s end",
        b"local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
        b"local function f(...) return f(1, ...) end f()",
        b"local t = {} for i = 1, 1e9 do t[i] = coroutine.wrap(function() coroutine.yield() end) t[i]() end",
    ];
    for program in endless {
        with_state(Checker { limit: Some(400 << 10), ..Checker::default() }, |l, _| {
            // SAFETY: the state is open.
            let lua = unsafe { Lua::from_raw(l.as_ptr()) };
            let (s, text) = run(lua, program);
            assert_eq!(s, status::MEMORY, "{}", String::from_utf8_lossy(&text));
        })
        .expect("a state");
    }
}

/// What the reference implementation's state with all libraries takes.
const FRESH: usize = 21 << 10;

#[test]
fn a_fresh_state_is_small() {
    with_state(Checker::default(), |l, c| {
        // SAFETY: the state is open, and so the checker in use.
        let (held, counted) = unsafe {
            let lua = Lua::from_raw(l.as_ptr());
            assert_eq!(lua.protected(stdlib::open_all), status::OK);
            ((*c).used, (*(*l.as_ptr()).g).bytes_in_use())
        };
        println!("a state with all libraries holds {held} bytes, {counted} of them in use");
        assert!(held <= FRESH && counted <= 14 << 10, "{held} held, {counted} in use");
    })
    .expect("a state");
}

#[test]
fn ten_thousand_states_live_side_by_side() {
    const STATES: usize = 10_000;
    const PROGRAM: &[u8] = b"local n = ... count = (count or 0) + n
        assert(string.rep('x', 3) == 'xxx' and math.max(1, n) == n and #table.pack(n, n) == 2)
        return 'done'";
    let mut checker = Checker::default();
    let c = &raw mut checker;
    // SAFETY: the checker outlives the states; each is used by itself and closed.
    unsafe {
        let states: Vec<NonNull<LuaState>> = (0..STATES as u32)
            .map(|seed| state::new_state(checked, c as *mut libc::c_void, seed, &cranelua_interp::HOOKS))
            .collect::<Option<_>>()
            .expect("memory for states");
        for l in &states {
            assert_eq!(Lua::from_raw(l.as_ptr()).protected(stdlib::open_all), status::OK);
        }
        assert!((*c).used <= STATES * FRESH, "{} bytes each", (*c).used / STATES);
        for l in &states {
            let lua = Lua::from_raw(l.as_ptr());
            assert_eq!(lua.load(PROGRAM, b"=program", b"t"), status::OK);
            lua.push_integer(1);
            assert_eq!((lua.pcall(1, 1, 0), text_on_top(lua)), (status::OK, b"done".to_vec()));
        }
        states.iter().for_each(|l| state::close_state(l.as_ptr()));
    }
    assert!(checker.blocks.is_empty() && checker.used == 0);
}

#[test]
fn a_suspended_coroutine_is_small() {
    const PROGRAM: &[u8] = b"local t = {}
        local function body(x) coroutine.yield(x) end
        for i = 1, 2000 do t[i] = 0 end
        collectgarbage()
        local before = collectgarbage('count')
        for i = 1, 2000 do t[i] = coroutine.create(body); coroutine.resume(t[i], i) end
        collectgarbage()
        local each = (collectgarbage('count') - before) * 1024 / 2000
        for i = 1, 2000 do assert(coroutine.resume(t[i])) end
        return each <= 700 and 'done' or each";
    with_state(Checker::default(), |l, _| {
        // SAFETY: the state is open.
        let (s, text) = run(unsafe { Lua::from_raw(l.as_ptr()) }, PROGRAM);
        assert_eq!((s, &*String::from_utf8_lossy(&text)), (status::OK, "done"));
    })
    .expect("a state");
}

#[test]
fn hidden_values_of_a_loop_may_be_anything() {
    const PROGRAM: &[u8] = b"for _, first in ipairs { 1, 1.5 } do
            for which = 0, 2 do
                local turns = 0
                for i = first, 9 do
                    turns = turns + 1
                    if turns == 2 then
                        local n = 1
                        repeat n = n + 1 until debug.getlocal(1, n) == 'i'
                        debug.setlocal(1, n - 3 + which, { which })
                    end
                    collectgarbage()
                    if turns > 20 then break end
                end
            end
        end
        return 'done'";
    with_state(Checker::default(), |l, _| {
        // SAFETY: the state is open.
        let (s, text) = run(unsafe { Lua::from_raw(l.as_ptr()) }, PROGRAM);
        assert_eq!((s, &*String::from_utf8_lossy(&text)), (status::OK, "done"));
    })
    .expect("a state");
}

#[test]
fn many_strings_come_and_go() {
    const PROGRAM: &[u8] = b"local keep = {}
        for round = 1, 4 do
            for i = 1, 90000 do keep['s' .. (i * 7919 + round * 31) % 200000] = i end
            for key, value in pairs(keep) do
                if keep[key:sub(1, 1) .. key:sub(2)] ~= value then return key end
            end
            for i = 0, 199999 do if (i + round) % 4 ~= 0 then keep['s' .. i] = nil end end
            collectgarbage()
        end
        local left = 0
        for i = 0, 199999 do
            local value = keep['s' .. i]
            if value then left = left + 1 end
            if value and i % 4 ~= 0 then return i end
        end
        return left > 10000 and 'done' or left";
    with_state(Checker::default(), |l, _| {
        // SAFETY: the state is open.
        let (s, text) = run(unsafe { Lua::from_raw(l.as_ptr()) }, PROGRAM);
        assert_eq!((s, &*String::from_utf8_lossy(&text)), (status::OK, "done"));
    })
    .expect("a state");
}
