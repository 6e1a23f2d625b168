//! The implementations that judge each other: PUC Lua and every mode of Cranelua, and how they are run on a batch of
//! programs.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How programs are loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// From source.
    Source,
    /// From source through `string.dump` and `load`.
    Dump,
    /// The same, stripped of debug information.
    Strip,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 3] = [Form::Source, Form::Dump, Form::Strip];

    fn word(self) -> &'static str {
        match self {
            Form::Source => "source",
            Form::Dump => "dump",
            Form::Strip => "strip",
        }
    }
}

/// A way of running programs on Cranelua.
#[derive(Debug)]
pub struct Mode {
    /// Its name for `--modes`.
    pub name: &'static str,
    /// How the programs are loaded; PUC loads them the same way.
    pub form: Form,
    /// Words of `CRANELUA_OPTIONS`.
    pub options: &'static str,
    /// One batch in so many runs in this mode: the slow ones, which compile everything, take part less often.
    pub every: u64,
}

/// Every mode. The default has Cranelift's full effort; elsewhere, where everything is compiled and what is looked for is
/// not Cranelift's, lower levels make twice as many programs possible.
pub const MODES: &[Mode] = &[
    Mode { name: "interp", form: Form::Source, options: "-joff", every: 1 },
    Mode { name: "hot", form: Form::Source, options: "-Ohotloop=5 -Ohotcall=5 -Osync", every: 1 },
    Mode { name: "beside", form: Form::Source, options: "-Ohotloop=5 -Ohotcall=5", every: 1 },
    Mode { name: "eager", form: Form::Source, options: "-Oeager -O1", every: 8 },
    Mode {
        name: "exits",
        form: Form::Source,
        options: "-Ohotloop=5 -Ohotcall=5 -Osync -Oexits=7 -O2",
        every: 4,
    },
    Mode { name: "eager-exits", form: Form::Source, options: "-Oeager -Oexits=3 -O0", every: 16 },
    Mode {
        name: "probe",
        form: Form::Source,
        options: "-Ohotloop=5 -Ohotcall=5 -Osync -Oprobe=1 -O1",
        every: 4,
    },
    Mode { name: "dump", form: Form::Dump, options: "-joff", every: 4 },
    Mode { name: "strip", form: Form::Strip, options: "-joff", every: 4 },
    Mode {
        name: "native-strip",
        form: Form::Strip,
        options: "-Ohotloop=5 -Ohotcall=5 -Osync -Oexits=5 -Oprobe=3 -O1",
        every: 16,
    },
    Mode { name: "gcstress", form: Form::Source, options: "-joff -Ogcstress", every: 4 },
    Mode {
        name: "native-gcstress",
        form: Form::Source,
        options: "-Oeager -Oexits=7 -Ogcstress -O1",
        every: 16,
    },
];

/// Those of the modes that differ in more than how programs are loaded.
pub fn with_different_options(modes: &[&'static Mode]) -> Vec<&'static Mode> {
    let mut different: Vec<&'static Mode> = Vec::new();
    for mode in modes {
        if different.iter().all(|m| m.options != mode.options) {
            different.push(mode);
        }
    }
    different
}

/// The binaries.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// Cranelua.
    pub cranelua: PathBuf,
    /// The host of PUC Lua 5.4.8.
    pub puc: PathBuf,
    /// A seeded defect that Cranelua runs with.
    pub defect: Option<&'static str>,
    /// Cranelua reserves more addresses than its memory: a sanitizer does.
    pub unlimited: bool,
}

/// What a process left behind.
pub struct Ended {
    /// How it ended, if not with exit code 0.
    pub failure: Option<String>,
    /// Standard output.
    pub output: Vec<u8>,
    /// Standard error.
    pub errors: Vec<u8>,
}

/// How a process ended that was killed because its time was over.
pub const OUT_OF_TIME: &str = "ran out of time";

/// Runs a command; after `limit` it is killed.
pub fn run(command: &mut Command, limit: Duration) -> std::io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (done, finished) = std::sync::mpsc::channel();
    let out = std::thread::spawn(move || {
        let bytes = drain(out);
        // The receiver may have given up waiting.
        let _ = done.send(());
        bytes
    });
    let err = std::thread::spawn(move || drain(err));
    // A program's output ends when it does.
    let status = if finished.recv_timeout(limit).is_ok() {
        Some(child.wait()?)
    } else {
        child.kill()?;
        child.wait()?;
        None
    };
    let failure = match status {
        None => Some(OUT_OF_TIME.to_string()),
        Some(s) if s.success() => None,
        Some(s) => Some(match s.signal() {
            Some(signal) => format!("signal {signal}"),
            None => format!("exit code {}", s.code().unwrap_or(-1)),
        }),
    };
    Ok(Ended { failure, output: out.join().unwrap_or_default(), errors: err.join().unwrap_or_default() })
}

fn drain(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came before an error is what there is to compare.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

/// What a program printed in a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Printed {
    /// All of it.
    Whole(String),
    /// The process ended in the middle; how.
    Broken(String, String),
    /// The process ended before its turn.
    Never,
}

/// What Rust writes when something panics.
const PANICKED: &[u8] = b"panicked at";
const PRELUDE: &str = include_str!("../lua/prelude.lua");
const RUNNER: &str = include_str!("../lua/runner.lua");

/// The text of a file that runs the program by itself.
pub fn standalone(program: &str) -> String {
    format!("{PRELUDE}\n{program}")
}

impl Binaries {
    /// A command for Cranelua with engine options.
    pub fn cranelua(&self, options: &str) -> Command {
        let mut command = Command::new(&self.cranelua);
        command.env("CRANELUA_OPTIONS", options);
        if !self.unlimited {
            limited(&mut command);
        }
        if let Some(defect) = self.defect {
            command.env("CRANELUA_DEFECT", defect);
        }
        clean(&mut command);
        command
    }

    /// A command for Cranelua that gets after `delay` what Ctrl-C sends, and is killed if that does not end it.
    pub fn interrupted(&self, options: &str, delay: Duration) -> Command {
        let mut command = Command::new("timeout");
        command.args([
            "--foreground",
            "--preserve-status",
            "-k",
            "20",
            "-s",
            "INT",
            &format!("{:.6}", delay.as_secs_f64()),
        ]);
        command.arg(&self.cranelua).env("CRANELUA_OPTIONS", options);
        if !self.unlimited {
            limited(&mut command);
        }
        clean(&mut command);
        command
    }

    /// A command for PUC Lua.
    pub fn puc(&self) -> Command {
        let mut command = Command::new(&self.puc);
        limited(&mut command);
        clean(&mut command);
        command
    }

    /// Runs a batch on PUC Lua (`None`) or in a mode of Cranelua; `file` is where the batch is written.
    pub fn batch(
        &self,
        programs: &[String],
        form: Form,
        mode: Option<&Mode>,
        file: &Path,
        limit: Duration,
    ) -> std::io::Result<Vec<Printed>> {
        let mut text = std::io::BufWriter::new(std::fs::File::create(file)?);
        writeln!(text, "{PRELUDE}\nFORM = '{}'\nPROGRAMS = {{", form.word())?;
        for program in programs {
            writeln!(text, "[=====[\n{program}]=====],")?;
        }
        writeln!(text, "}}\n{RUNNER}")?;
        text.flush()?;
        drop(text);
        let mut command = match mode {
            Some(mode) => self.cranelua(mode.options),
            None => self.puc(),
        };
        let ended = run(command.arg(file), limit)?;
        let mut printed = split(&ended, programs.len());
        // Where the compiler panics the program runs on, but that is a defect.
        if ended.failure.is_none() && ended.errors.windows(PANICKED.len()).any(|w| w == PANICKED) {
            let mut guilty = 0;
            if programs.len() > 1 {
                for (i, program) in programs.iter().enumerate() {
                    let alone = self.batch(std::slice::from_ref(program), form, mode, file, limit)?;
                    if matches!(alone[0], Printed::Broken(..)) {
                        guilty = i;
                        break;
                    }
                }
            }
            let text = String::from_utf8_lossy(&ended.errors).chars().take(600).collect();
            printed[guilty] = Printed::Broken(String::new(), text);
        }
        Ok(printed)
    }
}

/// A program that asks for all memory must not take the machine with it.
pub fn limited(command: &mut Command) {
    // SAFETY: between fork and exec only `setrlimit` is called, which is async-signal-safe.
    unsafe {
        command.pre_exec(|| {
            let cores = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            let memory = libc::rlimit { rlim_cur: 6 << 30, rlim_max: 6 << 30 };
            libc::setrlimit(libc::RLIMIT_CORE, &cores);
            libc::setrlimit(libc::RLIMIT_AS, &memory);
            Ok(())
        });
    }
}

/// Nothing of the caller's settings reaches Lua.
fn clean(command: &mut Command) {
    for name in ["LUA_INIT", "LUA_PATH", "LUA_CPATH"] {
        command.env_remove(name).env_remove(format!("{name}_5_4"));
    }
    command.env("LC_ALL", "C").env("TZ", "UTC0");
}

/// Splits a batch's output at the marks. The sign of a NaN is not compared. Of a process that did not reach its last
/// mark one program is broken; of one that did, each program that has no mark.
fn split(ended: &Ended, count: usize) -> Vec<Printed> {
    let text = String::from_utf8_lossy(&ended.output).replace("-nan", "nan");
    let mut printed = vec![Printed::Never; count];
    let mut last = None;
    for piece in text.split("\n@@ ").skip(1) {
        let (number, rest) = piece.split_once('\n').unwrap_or((piece, ""));
        let number = number.parse().unwrap_or(0usize);
        last = Some(number);
        if (1..=count).contains(&number) {
            printed[number - 1] = Printed::Whole(rest.to_string());
        }
    }
    let failure = ended.failure.clone().or_else(|| (last != Some(0)).then(|| "ended early".to_string()));
    match failure {
        Some(how) => {
            // Before the first mark it is the first program that broke.
            if let Some(p) = printed.get_mut(last.unwrap_or(0).clamp(1, count.max(1)) - 1) {
                let rest = match p {
                    Printed::Whole(rest) => std::mem::take(rest),
                    _ => String::new(),
                };
                let complaint: String = String::from_utf8_lossy(&ended.errors).chars().take(600).collect();
                *p = Printed::Broken(rest, format!("{how} {complaint}"));
            }
        }
        None => {
            for p in printed.iter_mut().filter(|p| **p == Printed::Never) {
                *p = Printed::Broken(String::new(), "was left out".to_string());
            }
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::{Ended, Printed, split};

    fn ended(output: &str, failure: Option<&str>) -> Ended {
        Ended { failure: failure.map(str::to_string), output: output.into(), errors: Vec::new() }
    }

    fn broken(rest: &str, how: &str) -> Printed {
        Printed::Broken(rest.to_string(), how.to_string())
    }

    #[test]
    fn every_program_of_a_batch_is_accounted_for() {
        let whole = |text: &str| Printed::Whole(text.to_string());
        let all = split(&ended("\n@@ 1\na\n@@ 2\nb\n@@ 0\n", None), 2);
        assert_eq!(all, [whole("a"), whole("b")]);
        let early = split(&ended("\n@@ 1\na\n@@ 2\nb", None), 3);
        assert_eq!(early, [whole("a"), broken("b", "ended early "), Printed::Never]);
        let died = split(&ended("\n@@ 1\na", Some("signal 11")), 2);
        assert_eq!(died, [broken("a", "signal 11 "), Printed::Never]);
        let silent = split(&ended("", None), 2);
        assert_eq!(silent, [broken("", "ended early "), Printed::Never]);
        let left_out = split(&ended("\n@@ 2\nb\n@@ 0\n", None), 2);
        assert_eq!(left_out, [broken("", "was left out"), whole("b")]);
    }
}
