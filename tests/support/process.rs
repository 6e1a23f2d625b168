//! Running the `cranelua` binary (or a stand-in) as a test does: a clean environment, standard input a pipe, both
//! outputs captured, and a time limit that ends the process together with whatever it started.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What a process left behind.
pub struct Outcome {
    status: Option<ExitStatus>,
    /// Everything written to standard output.
    pub stdout: Vec<u8>,
    /// Everything written to standard error.
    pub stderr: Vec<u8>,
}

/// How a process ended that did everything it should.
pub const SUCCESS: &str = "exit code 0";

impl Outcome {
    /// How the process ended, in words.
    pub fn ending(&self) -> String {
        match self.status {
            None => "ran out of time".to_string(),
            Some(s) => match (s.code(), s.signal()) {
                (Some(code), _) => format!("exit code {code}"),
                (None, Some(signal)) => format!("signal {signal}"),
                (None, None) => s.to_string(),
            },
        }
    }
}

/// The program under test: `CRANELUA_TEST_BIN` if set (a reference to compare with), else the binary of this build.
pub fn lua_binary() -> PathBuf {
    std::env::var_os("CRANELUA_TEST_BIN")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_cranelua")), PathBuf::from)
}

/// A command for the program under test in which no setting of the caller's environment is visible to Lua.
pub fn lua_command(options: &str) -> Command {
    own_command(&lua_binary(), options)
}

/// As [`lua_command`], for another program that serves as a Lua.
pub fn own_command(program: &Path, options: &str) -> Command {
    let mut command = Command::new(program);
    for name in ["LUA_INIT", "LUA_PATH", "LUA_CPATH"] {
        command.env_remove(name).env_remove(format!("{name}_5_4"));
    }
    command.env("LC_ALL", "C").env("TZ", "UTC0").env("CRANELUA_OPTIONS", options);
    command
}

/// Runs `command` with `input` on its standard input, for at most `limit`.
pub fn run(command: &mut Command, input: &[u8], limit: Duration) -> Result<Outcome, String> {
    // A process group of its own, so that at the time limit everything the program started ends with it.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    // A caller that ignores hang-ups (nohup) would hand that down to the programs that the tests kill.
    // SAFETY: between fork and exec only `signal` is called, which is async-signal-safe.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGHUP, libc::SIG_DFL);
            Ok(())
        });
    }
    let mut child = command.spawn().map_err(|e| format!("cannot start {:?}: {e}", command.get_program()))?;
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let stdin = child.stdin.take();
    let input = input.to_vec();
    // Written from a thread: the program may write more than a pipe holds before it reads.
    let writer = std::thread::spawn(move || {
        if let Some(mut pipe) = stdin {
            // A program that does not read its input closes the pipe; that is not a failure of the run.
            let _ = pipe.write_all(&input);
        }
    });
    let status = wait(&mut child, limit)?;
    let _ = writer.join();
    Ok(Outcome { status, stdout: joined(stdout), stderr: joined(stderr) })
}

/// Waits for the end of `child`; at the limit its whole process group is killed and the result is `None`.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>, String> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(Some(status)),
            Ok(None) if start.elapsed() < limit => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
            Ok(None) => {
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
                let _ = child.kill();
                let _ = child.wait();
                return Ok(None);
            }
            Err(e) => return Err(format!("cannot wait for the program: {e}")),
        }
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is what there is to compare.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

fn joined(reader: JoinHandle<Vec<u8>>) -> Vec<u8> {
    reader.join().unwrap_or_default()
}
