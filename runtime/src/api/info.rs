//! The collector's controls and other facts about the state.

use super::Lua;
use crate::gc::{self, pacing, stop};
use crate::state::{GlobalState, WarnState};
use crate::value::TValue;

/// What `lua_gc` can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorOption {
    Stop,
    Restart,
    Collect,
    /// Memory in use, in bytes.
    Count,
    /// A step of that many KB; 1 when a cycle was finished.
    Step(i32),
    SetPause(i32),
    SetStepMul(i32),
    IsRunning,
    /// Generational mode: minor and major multiplier (0 keeps); returns the old mode.
    Generational(i32, i32),
    /// Incremental mode: pause, step multiplier, step size (0 keeps); returns the old mode.
    Incremental(i32, i32, i32),
}

/// Value of [`CollectorOption::Generational`] and `Incremental` when the mode
/// before was generational.
pub const WAS_GENERATIONAL: i64 = 10;
/// As [`WAS_GENERATIONAL`], incremental.
pub const WAS_INCREMENTAL: i64 = 11;

impl Lua {
    pub(crate) fn global(self) -> *mut GlobalState {
        // SAFETY: the state is open.
        unsafe { (*self.raw()).g }
    }
    /// Controls the collector; the meaning of the result depends on the option.
    /// `None` when called from a finaliser or while the state is closed.
    pub fn gc(self, option: CollectorOption) -> Option<i64> {
        let g = self.global();
        // SAFETY: the state is open and everything live is on its stacks.
        unsafe {
            if (*g).gc.stopped & (stop::INTERNAL | stop::CLOSING) != 0 {
                return None;
            }
            let gcs = &mut (*g).gc;
            Some(match option {
                CollectorOption::Stop => {
                    gcs.stopped |= stop::USER;
                    0
                }
                CollectorOption::Restart => {
                    gcs.stopped = 0;
                    (*g).heap.debt = if gcs.stress { 1 } else { 0 };
                    0
                }
                CollectorOption::Collect => {
                    let _ = gc::full(self.raw());
                    0
                }
                CollectorOption::Count => (*g).bytes_in_use() as i64,
                CollectorOption::Step(kb) => i64::from(pacing::explicit_step(self.raw(), kb)),
                CollectorOption::SetPause(p) => {
                    i64::from(std::mem::replace(&mut gcs.pace.pause, pacing::coarse(p)))
                }
                CollectorOption::SetStepMul(p) => {
                    i64::from(std::mem::replace(&mut gcs.pace.step_mul, pacing::coarse(p)))
                }
                CollectorOption::IsRunning => i64::from(gcs.stopped == 0),
                CollectorOption::Generational(minor, major) => {
                    if minor != 0 {
                        gcs.pace.minor_mul = i32::from(minor as u8);
                    }
                    if major != 0 {
                        gcs.pace.major_mul = pacing::coarse(major);
                    }
                    let old = std::mem::replace(&mut gcs.pace.generational, true);
                    if old { WAS_GENERATIONAL } else { WAS_INCREMENTAL }
                }
                CollectorOption::Incremental(pause, mul, size) => {
                    if pause != 0 {
                        gcs.pace.pause = pacing::coarse(pause);
                    }
                    if mul != 0 {
                        gcs.pace.step_mul = pacing::coarse(mul);
                    }
                    if size != 0 {
                        gcs.pace.step_size = i32::from(size as u8);
                    }
                    let old = std::mem::replace(&mut gcs.pace.generational, false);
                    if old { WAS_GENERATIONAL } else { WAS_INCREMENTAL }
                }
            })
        }
    }
    /// Sets the function that receives warnings.
    pub fn set_warn(self, f: Option<fn(&mut WarnState, &[u8], bool)>) {
        // SAFETY: the state is open.
        unsafe { (*self.global()).warn = f };
    }
    /// Seed of the state's string hashes.
    pub fn seed(self) -> u32 {
        // SAFETY: the state is open.
        unsafe { (*self.global()).seed }
    }
    /// The main thread.
    pub fn main_thread(self) -> Lua {
        // SAFETY: the state is open.
        unsafe { Lua::from_raw((*self.global()).main_thread) }
    }
    /// Pushes the value of an upvalue of the function at `idx` (from 1) and
    /// returns its name: empty for native functions and stripped ones.
    pub fn get_upvalue<'a>(self, idx: i32, n: i32) -> Option<&'a [u8]> {
        let f = self.value(idx);
        // SAFETY: the function is reachable.
        unsafe {
            let (name, _, slot) = crate::debug::info::upvalue(f, n)?;
            self.push_raw(TValue::get(slot));
            Some(name)
        }
    }
    /// Pops a value into an upvalue of the function at `idx`; its name.
    pub fn set_upvalue<'a>(self, idx: i32, n: i32) -> Option<&'a [u8]> {
        // SAFETY: the state is open; what calls this is no native code.
        unsafe { crate::debug::hook::leave_native(self.global()) };
        self.init_upvalue(idx, n)
    }
    /// As [`Lua::set_upvalue`] for a function that no one has called yet.
    pub(crate) fn init_upvalue<'a>(self, idx: i32, n: i32) -> Option<&'a [u8]> {
        let f = self.value(idx);
        // SAFETY: function and value are reachable.
        unsafe {
            let (name, owner, slot) = crate::debug::info::upvalue(f, n)?;
            let v = self.value(-1);
            TValue::set(slot, v);
            self.note_store(TValue::new(owner as u64, crate::value::tag::COLLECTABLE), v);
            self.pop(1);
            Some(name)
        }
    }
}
