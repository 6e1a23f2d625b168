//! Runs one process and says what it cost: CPU time and peak memory of the whole process, from the kernel.
//!
//! Invariant: a child is started by a plain `fork` (a `pre_exec` hook makes the standard library take that way).
//! With `vfork` the kernel would count this runner's own memory into the child's peak.

use crate::engines::Engine;
use anyhow::{Context, Result, anyhow, bail};
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

/// What one run of a process cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// User and system time in seconds.
    pub cpu: f64,
    /// Elapsed time in seconds.
    pub wall: f64,
    /// Peak resident set in kilobytes.
    pub rss_kb: u64,
}

/// A process that ended well.
pub struct Run {
    pub cost: Cost,
    pub stdout: Vec<u8>,
}

/// Runs `script` on an engine. A process which uses more than `limit` seconds of CPU time is ended by the kernel.
pub fn run_script(engine: &Engine, script: &Path, args: &[&str], limit: u64) -> Result<Run> {
    let mut command = Command::new(&engine.path);
    command.args(&engine.options).arg(script).args(args);
    run(command, limit)
}

/// Runs a command to its end; an error is a process that could not start, failed, or was ended by a signal.
pub fn run(mut command: Command, limit: u64) -> Result<Run> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit + 5 };
    // SAFETY: between fork and exec the hook makes one system call, which is allowed there; it reads a value
    // that was moved into it and allocates nothing.
    unsafe {
        command.pre_exec(move || match libc::setrlimit(libc::RLIMIT_CPU, &limit) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let mut err = child.stderr.take().context("no stderr")?;
    // Both pipes are read at once: a child which fills one while the other is waited for would hang.
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).map(|_| text)
    });
    let mut stdout = Vec::new();
    child.stdout.take().context("no stdout")?.read_to_end(&mut stdout)?;
    let (status, usage) = wait(child.id())?;
    let wall = start.elapsed().as_secs_f64();
    let stderr = errors.join().map_err(|_| anyhow!("the reader of stderr failed"))??;
    if let Some(signal) = status.signal() {
        bail!("{}", if signal == libc::SIGXCPU { "timeout".into() } else { format!("signal {signal}") });
    }
    if !status.success() {
        let text = String::from_utf8_lossy(&stderr);
        bail!("error: {}", text.lines().next().unwrap_or("(no message)"));
    }
    let cost = Cost {
        cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        wall,
        rss_kb: u64::try_from(usage.ru_maxrss).unwrap_or(0),
    };
    Ok(Run { cost, stdout })
}

/// Waits for a child with its resource usage, which the standard library's `wait` throws away.
fn wait(id: u32) -> Result<(ExitStatus, libc::rusage)> {
    let id = libc::pid_t::try_from(id).context("process id out of range")?;
    let mut status = 0;
    loop {
        // SAFETY: rusage is plain numbers, for which all bits zero is a value.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: `id` is a child which nobody else waits for; both pointers are to live locals.
        let got = unsafe { libc::wait4(id, &mut status, 0, &mut usage) };
        if got == id {
            return Ok((ExitStatus::from_raw(status), usage));
        }
        let error = std::io::Error::last_os_error();
        if error.kind() != std::io::ErrorKind::Interrupted {
            return Err(error).context("wait4");
        }
    }
}

fn seconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}
