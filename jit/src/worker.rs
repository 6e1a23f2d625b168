//! The thread that compiles, one for all states of a process.
//!
//! It starts when the first unit is ordered and ends with the process: it waits for orders
//! without a state of any kind, so nothing has to be undone when a state is closed, whose orders it then leaves out.
//! It takes no signals, which are the program's. A process that was forked has no such thread and starts its own.

use crate::compile::{Compiler, Order, Reply};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

/// An order, and where its reply goes.
pub(crate) struct Work {
    pub order: Order,
    pub reply: Sender<Reply>,
    /// Set when nobody waits for the reply.
    pub gone: Arc<AtomicBool>,
}

struct Worker {
    orders: Sender<Work>,
    /// The process that started it.
    process: u32,
}

static WORKER: Mutex<Option<Worker>> = Mutex::new(None);
/// No thread can be started.
static IMPOSSIBLE: AtomicBool = AtomicBool::new(false);

/// How often one tries to get the lock.
const LOCK_TRIES: u32 = 1000;
/// Machine stack of the thread: Cranelift's passes do not recurse deeply.
const STACK: usize = 2 << 20;

/// Whether there is such a thread, as far as is known.
pub(crate) fn is_possible() -> bool {
    !IMPOSSIBLE.load(Ordering::Relaxed)
}

/// Sends an order, which comes back when there is no thread to do it.
pub(crate) fn send(work: Work) -> Result<(), Work> {
    let Some(mut worker) = lock() else {
        return Err(work);
    };
    let process = std::process::id();
    let mut work = work;
    if let Some(w) = worker.as_ref().filter(|w| w.process == process) {
        match w.orders.send(work) {
            Ok(()) => return Ok(()),
            // The thread has ended, which it does only where assertions fail. What it had not
            // done will not be; its owners stay interpreted.
            Err(e) => work = e.0,
        }
    }
    let Some(orders) = start() else {
        IMPOSSIBLE.store(true, Ordering::Relaxed);
        return Err(work);
    };
    let sent = orders.send(work).map_err(|e| e.0);
    *worker = Some(Worker { orders, process });
    sent
}

/// The lock is held for moments only: longer, if a thread had it that a fork left behind.
fn lock() -> Option<MutexGuard<'static, Option<Worker>>> {
    for _ in 0..LOCK_TRIES {
        match WORKER.try_lock() {
            Ok(guard) => return Some(guard),
            // What the lock protects is whole at any moment.
            Err(TryLockError::Poisoned(e)) => return Some(e.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}

fn start() -> Option<Sender<Work>> {
    let (orders, receiver) = channel();
    let run = move || serve(&receiver);
    let thread = std::thread::Builder::new().name("cranelua-compiler".to_string()).stack_size(STACK);
    without_signals(|| thread.spawn(run)).ok()?;
    Some(orders)
}

fn serve(orders: &Receiver<Work>) {
    let Some(mut compiler) = Compiler::new() else {
        return;
    };
    while let Ok(Work { order, reply, gone }) = orders.recv() {
        if !gone.load(Ordering::Relaxed) {
            // Nobody may be there any more.
            let _ = reply.send(compiler.fulfil(&order));
        }
    }
}

/// Runs `f` with all signals blocked, which a thread that it starts inherits.
fn without_signals<T>(f: impl FnOnce() -> T) -> T {
    // SAFETY: both sets are initialised by the functions that are given them; the mask of
    // this thread is as before in the end.
    unsafe {
        let mut all = std::mem::zeroed();
        let mut before = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let result = f();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
        result
    }
}
