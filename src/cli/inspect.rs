//! `-b`: saves a chunk's bytecode, or lists it.
//!
//! The chunk is loaded into a state like any other (so that errors, limits and
//! the verifier are the usual ones) and worked on in its binary form.

use super::options::{BYTECODE, BytecodeAction, bytecode_usage};
use super::{cfile, message, report};
use crate::engine::State;
use crate::engine::compiler::bytecode::list::{self, ListOptions};
use crate::engine::compiler::bytecode::undump;
use crate::engine::compiler::memory::StdMemory;
use crate::engine::runtime::api::{Lua, error_text};
use crate::engine::runtime::error::LResult;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The binary chunk itself.
    Raw,
    /// A C array with external linkage.
    Source,
    /// A C array for inclusion, with a macro for its size.
    Header,
}

/// Names of the forms, which are file name extensions too.
const KINDS: &[(&[u8], Kind)] = &[(b"raw", Kind::Raw), (b"c", Kind::Source), (b"h", Kind::Header)];

/// What the chunk is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input<'a> {
    Stdin,
    File(&'a [u8]),
    Text(&'a [u8]),
}

/// What a `-b` command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Request<'a> {
    list: bool,
    fields: bool,
    /// Debug information is stripped; without a letter when saving only.
    strip: bool,
    /// Name in C output.
    name: Option<&'a [u8]>,
    kind: Option<Kind>,
    input: Input<'a>,
    /// File to write; `None` is standard output.
    output: Option<&'a [u8]>,
}

impl<'a> Request<'a> {
    /// Reads the words from the `-b` argument on; `None` when they make no sense.
    fn parse(args: &'a [Vec<u8>]) -> Option<Request<'a>> {
        let (mut list, mut fields, mut strip) = (false, false, None);
        let (mut name, mut kind, mut code, mut output) = (None, None, None, None);
        let mut files: Vec<&'a [u8]> = Vec::new();
        let mut words = args.iter().map(Vec::as_slice);
        let mut letters = words.next().and_then(|first| first.strip_prefix(b"-b"))?;
        loop {
            for letter in letters {
                let row = BYTECODE.iter().find(|row| row.letter == *letter)?;
                let argument = if row.argument { words.next()? } else { b"" };
                match row.action {
                    BytecodeAction::List => list = true,
                    BytecodeAction::Fields => fields = true,
                    BytecodeAction::Strip => strip = Some(true),
                    BytecodeAction::Keep => strip = Some(false),
                    BytecodeAction::Name => name = Some(argument),
                    BytecodeAction::Type => {
                        kind = Some(KINDS.iter().find(|(word, _)| *word == argument)?.1);
                    }
                    BytecodeAction::Output => output = Some(argument),
                    BytecodeAction::Execute => code = Some(argument),
                }
            }
            // Further letters may follow in words of their own, up to `--`.
            match words.next() {
                Some(b"--") => {
                    files.extend(words.by_ref());
                    break;
                }
                Some([b'-', more @ ..]) if !more.is_empty() && files.is_empty() => letters = more,
                Some(file) => {
                    files.push(file);
                    letters = b"";
                }
                None => break,
            }
        }
        let mut files = files.into_iter();
        let input = match code {
            Some(code) => Input::Text(code),
            None => match files.next()? {
                b"-" => Input::Stdin,
                file => Input::File(file),
            },
        };
        // A listing goes to standard output unless told otherwise; bytes do not.
        let output = match (output, files.next()) {
            (Some(_), Some(_)) => return None,
            (None, None) if !list => return None,
            (given, word) => given.or(word).filter(|&file| file != b"-"),
        };
        if files.next().is_some() || (fields && !list) {
            return None;
        }
        let strip = strip.unwrap_or(!list);
        Some(Request { list, fields, strip, name, kind, input, output })
    }

    fn kind(&self) -> Kind {
        let by_name = || {
            let (_, extension) = split_extension(self.output?);
            KINDS.iter().find(|(word, _)| *word == extension).map(|&(_, kind)| kind)
        };
        self.kind.or_else(by_name).unwrap_or(Kind::Raw)
    }

    /// The identifier that names the chunk in C output.
    fn identifier(&self) -> Option<String> {
        let name = match (self.name, self.input) {
            (Some(name), _) => name,
            (None, Input::File(file)) => {
                let base = file.rsplit(|&b| b == b'/').next().unwrap_or(file);
                split_extension(base).0
            }
            (None, _) => return None,
        };
        let mut identifier = String::new();
        for &b in name {
            match b {
                b'.' | b'-' => identifier.push('_'),
                b if b.is_ascii_alphanumeric() || b == b'_' => identifier.push(char::from(b)),
                _ => return None,
            }
        }
        (!identifier.is_empty()).then_some(identifier)
    }
}

/// A file name and what follows its last dot.
fn split_extension(file: &[u8]) -> (&[u8], &[u8]) {
    match file.iter().rposition(|&b| b == b'.') {
        Some(dot) if dot > 0 => (&file[..dot], &file[dot + 1..]),
        _ => (file, b""),
    }
}

/// Does what the words from the `-b` argument on ask for; whether that went well.
pub fn run(l: Lua, program: &[u8], args: &[Vec<u8>]) -> LResult<bool> {
    let Some(request) = Request::parse(args) else {
        let text = bytecode_usage(&String::from_utf8_lossy(program));
        cfile::write(cfile::stderr(), text.as_bytes());
        return Ok(false);
    };
    let status = match request.input {
        Input::Stdin => l.load_file(None, b"bt")?,
        Input::File(file) => l.load_file(Some(file), b"bt")?,
        Input::Text(code) => l.load(code, b"=(command line)", b"bt"),
    };
    if status != State::OK {
        return Ok(report(Some(program), l, status));
    }
    let mut binary = Vec::new();
    l.dump(request.strip, &mut |bytes| {
        binary.extend_from_slice(bytes);
        Ok(())
    })?;
    let text = if request.list { listing(&binary, request.fields) } else { form(&request, binary) };
    let text = match text {
        Ok(text) => text,
        Err(reason) => {
            message(Some(program), reason.as_bytes());
            return Ok(false);
        }
    };
    Ok(write(program, request.output, &text))
}

fn listing(binary: &[u8], fields: bool) -> Result<Vec<u8>, String> {
    let chunk = undump::undump(&StdMemory, binary, undump::MAX_DEPTH)
        .map_err(|e| e.reason().unwrap_or("not enough memory").to_string())?;
    let mut text = String::new();
    let options = ListOptions { full: true, header: fields, fields };
    list::list(&chunk, options, &mut text).map_err(|e| e.to_string())?;
    Ok(text.into_bytes())
}

/// Bytes of an array on one line of C output.
const BYTES_PER_LINE: usize = 20;

fn form(request: &Request, binary: Vec<u8>) -> Result<Vec<u8>, String> {
    let kind = request.kind();
    if kind == Kind::Raw {
        return Ok(binary);
    }
    let name = request.identifier().ok_or("cannot make a C name of the chunk's name (use letter 'n')")?;
    let mut text = String::new();
    let opening = match kind {
        Kind::Header => format!(
            "#define luaBC_{name}_SIZE {}\nstatic const unsigned char luaBC_{name}[] = {{\n",
            binary.len()
        ),
        _ => format!(
            "#ifdef __cplusplus\nextern \"C\"\n#endif\nconst unsigned char luaBC_{name}[{}] = {{\n",
            binary.len()
        ),
    };
    text.push_str(&opening);
    for line in binary.chunks(BYTES_PER_LINE) {
        for byte in line {
            write!(text, "{byte},").map_err(|e| e.to_string())?;
        }
        text.push('\n');
    }
    text.push_str("};\n");
    Ok(text.into_bytes())
}

fn write(program: &[u8], output: Option<&[u8]>, bytes: &[u8]) -> bool {
    let Some(file) = output else {
        cfile::write(cfile::stdout(), bytes);
        cfile::flush(cfile::stdout());
        return true;
    };
    match fs::write(OsStr::from_bytes(file), bytes) {
        Ok(()) => true,
        Err(e) => {
            let reason = e.raw_os_error().map_or_else(|| e.to_string().into_bytes(), error_text);
            message(Some(program), &[b"cannot write ", file, b": ", &reason].concat());
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<String> {
        let args: Vec<Vec<u8>> = text.split_whitespace().map(|w| w.as_bytes().to_vec()).collect();
        let r = Request::parse(&args)?;
        let show = |b: Option<&[u8]>| b.map_or("stdout".into(), |b| String::from_utf8_lossy(b).into_owned());
        Some(format!("{:?} {} {} {} {:?}", r.input, show(r.output), r.list, r.strip, r.kind()))
    }

    #[test]
    fn requests() {
        let file = |name: &str| format!("{:?}", Input::File(name.as_bytes()));
        let (a, stdin) = (file("a.lua"), "Stdin");
        assert_eq!(parse("-b a.lua b.c").expect("a good request"), format!("{a} b.c false true Source"));
        assert_eq!(parse("-bg a.lua -").expect("a good request"), format!("{a} stdout false false Raw"));
        assert_eq!(parse("-bl a.lua").expect("a good request"), format!("{a} stdout true false Raw"));
        assert_eq!(parse("-blx - out").expect("a good request"), format!("{stdin} out true false Raw"));
        assert_eq!(
            parse("-b -g -t h -o out a.lua").expect("a good request"),
            format!("{a} out false false Header")
        );
        assert_eq!(parse("-bsto raw x.h a.lua").expect("a good request"), format!("{a} x.h false true Raw"));
        for bad in ["-b", "-b a.lua", "-bz a.lua b", "-bt nothing a.lua b", "-b a b c", "-bx a b", "-bn"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
