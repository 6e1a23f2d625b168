//! Makes freshly written machine code visible to instruction fetch.
//!
//! x86-64 does that by itself. On aarch64 the caches of data and of instructions are apart: what was written is pushed to
//! where both meet, stale instructions are dropped, and every thread of the process gets past what it had fetched already.
//! Cranelift does not do it for a memory provider that is not its own.
//! Invariant: code is published while it is still writable, and before anything can jump to it.

/// Publishes the `len` bytes of code at `start`.
///
/// # Safety
/// The range is mapped and readable.
#[cfg(target_arch = "aarch64")]
pub unsafe fn publish(start: *const u8, len: usize) {
    use std::arch::asm;

    let kind: u64;
    // SAFETY: reads the register that describes the caches, which Linux lets every process do.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) kind, options(nomem, nostack, preserves_flags)) };
    // Lengths of lines as powers of two, in words of four bytes; and whether the processor does a step by itself.
    let (instruction_line, data_line) = (4usize << (kind & 15), 4usize << (kind >> 16 & 15));
    let (data_coherent, instructions_coherent) = (kind >> 28 & 1 != 0, kind >> 29 & 1 != 0);
    let lines = |line: usize| (start as usize / line * line..start as usize + len).step_by(line);
    if !data_coherent {
        for at in lines(data_line) {
            // SAFETY: cleans the cache line of an address in the range, which the caller says is mapped.
            unsafe { asm!("dc cvau, {}", in(reg) at, options(nostack, preserves_flags)) };
        }
    }
    // SAFETY: a barrier: what was written above is where instructions are fetched from, before the next step.
    unsafe { asm!("dsb ish", options(nostack, preserves_flags)) };
    if !instructions_coherent {
        for at in lines(instruction_line) {
            // SAFETY: as above; drops instructions that may be cached from the address, on all processors.
            unsafe { asm!("ic ivau, {}", in(reg) at, options(nostack, preserves_flags)) };
        }
    }
    // SAFETY: barriers: stale instructions are gone, and this thread fetches anew.
    unsafe { asm!("dsb ish", "isb", options(nostack, preserves_flags)) };
    refetch_elsewhere();
}

/// See the other one: nothing to do here.
///
/// # Safety
/// None needed.
#[cfg(not(target_arch = "aarch64"))]
pub unsafe fn publish(_start: *const u8, _len: usize) {}

/// Makes the other threads fetch anew: a state may go on in one of them.
#[cfg(target_arch = "aarch64")]
fn refetch_elsewhere() {
    /// `MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE` and its registration, which a process does once.
    const SYNC_CORE: libc::c_int = 1 << 5;
    const REGISTER: libc::c_int = 1 << 6;
    // SAFETY: the system call touches no memory of the process.
    let call = |command: libc::c_int| unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) };
    // Kernels before 4.16, sandboxes and emulators do not have it. There a thread fetches anew when the scheduler
    // switches to it, so that only one that spins without sleep until it is given a state could see stale code.
    if call(SYNC_CORE) != 0 && call(REGISTER) == 0 {
        call(SYNC_CORE);
    }
}
