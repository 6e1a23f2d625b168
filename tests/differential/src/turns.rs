//! Threads that share out work among them.

use std::io::{Error, Result};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Calls `turn` with 0, 1, 2 ... on so many threads, until it breaks off on each of them; with it goes a directory
/// that belongs to the thread and is gone afterwards. Returns an error that a turn ended with, if any did.
pub fn take_turns(
    threads: usize,
    turn: impl Fn(usize, &Path) -> Result<ControlFlow<()>> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = |thread: usize| -> Result<()> {
        let dir = std::env::temp_dir().join(format!("differential-{}-{thread}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let outcome = loop {
            match turn(next.fetch_add(1, Relaxed), &dir) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        outcome.and(std::fs::remove_dir_all(&dir))
    };
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..threads.max(1)).map(|thread| scope.spawn(move || work(thread))).collect();
        let ends = threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(Error::other("panic"))));
        // Every thread is waited for, whatever became of the others.
        ends.fold(Ok(()), Result::and)
    })
}
