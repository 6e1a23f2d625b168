//! Memory for machine code: one reserved range for each state, packed, never
//! writable and executable at once.
//!
//! Pages are writable while a unit is put in its place and executable otherwise. The state's own
//! thread does that, so none of its native code runs meanwhile.

use crate::coherence;
use cranelift_jit::{BranchProtection, JITMemoryKind, JITMemoryProvider};
use cranelift_module::{ModuleError, ModuleResult};
use std::io;

const ALIGN: usize = 64;

/// A memory provider with a fixed bound.
pub struct CodeMemory {
    start: *mut u8,
    size: usize,
    used: usize,
    /// Everything below is executable.
    sealed: usize,
}

// SAFETY: the range belongs to this value alone.
unsafe impl Send for CodeMemory {}

/// Whether the system would give so many bytes of memory now.
pub fn is_room(bytes: usize) -> bool {
    CodeMemory::new(bytes).is_some()
}

impl CodeMemory {
    /// Reserves `size` bytes of address space; `None` when the system refuses.
    pub fn new(size: usize) -> Option<CodeMemory> {
        // SAFETY: an anonymous mapping at an address of the system's choice.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if p == libc::MAP_FAILED {
            return None;
        }
        Some(CodeMemory { start: p as *mut u8, size, used: 0, sealed: 0 })
    }

    fn protect(&self, from: usize, to: usize, protection: i32) -> io::Result<()> {
        let page = page_size();
        let from = from / page * page;
        let to = to.next_multiple_of(page).min(self.size);
        if from >= to {
            return Ok(());
        }
        // SAFETY: the range lies in our mapping.
        let r = unsafe { libc::mprotect(self.start.add(from) as *mut libc::c_void, to - from, protection) };
        if r == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

fn page_size() -> usize {
    // SAFETY: asks the system for a constant.
    let n = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(n).unwrap_or(4096)
}

impl JITMemoryProvider for CodeMemory {
    fn allocate(&mut self, size: usize, align: u64, _kind: JITMemoryKind) -> io::Result<*mut u8> {
        let align = (align as usize).max(ALIGN);
        let at = self.used.next_multiple_of(align);
        let end = at.checked_add(size).filter(|&end| end <= self.size);
        let Some(end) = end else {
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, "the bound on native code is reached"));
        };
        self.protect(at, end, libc::PROT_READ | libc::PROT_WRITE)?;
        self.sealed = self.sealed.min(at);
        self.used = end;
        // SAFETY: the place lies in our mapping.
        Ok(unsafe { self.start.add(at) })
    }

    unsafe fn free_memory(&mut self) {
        // SAFETY: the caller says that nothing runs or refers to the code.
        unsafe { libc::munmap(self.start as *mut libc::c_void, self.size) };
        self.size = 0;
        self.used = 0;
    }

    fn finalize(&mut self, _branch_protection: BranchProtection) -> ModuleResult<()> {
        // SAFETY: `allocate` made the pages from the first place that is not sealed readable and writable.
        unsafe { coherence::publish(self.start.add(self.sealed), self.used - self.sealed) };
        self.protect(self.sealed, self.used, libc::PROT_READ | libc::PROT_EXEC)
            .map_err(|e| ModuleError::Allocation { err: e })?;
        self.sealed = self.used;
        Ok(())
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        if self.size > 0 {
            // SAFETY: the tier goes away only after its state.
            unsafe { self.free_memory() };
        }
    }
}
