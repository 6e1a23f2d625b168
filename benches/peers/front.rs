//! The command line which both peers share: `host [-v] [-joff|-jon] [-e CODE] [SCRIPT args...]`.
//!
//! It does what the stock front ends do for these options and nothing more: the libraries are open, `arg` is set,
//! an error ends in a traceback on stderr and exit code 1. Setting up happens outside a protected call: the only
//! error there is memory running out, which aborts the process.

use crate::ffi;
use std::ffi::{CStr, CString, OsString};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

/// What the command line asks for.
#[derive(Default)]
struct Request {
    version: bool,
    /// Lua text of the options which are carried out before the script (`-joff`).
    prologue: Vec<&'static str>,
    code: Vec<OsString>,
    script: Option<OsString>,
    args: Vec<OsString>,
}

fn parse(mut words: impl Iterator<Item = OsString>) -> Result<Request, String> {
    let mut request = Request::default();
    while let Some(word) = words.next() {
        match word.as_bytes() {
            b"-v" => request.version = true,
            b"-joff" if ffi::HAS_JIT => request.prologue.push("jit.off()"),
            b"-jon" if ffi::HAS_JIT => request.prologue.push("jit.on()"),
            b"-e" => request.code.push(words.next().ok_or("'-e' needs an argument")?),
            [b'-', ..] => return Err(format!("unrecognized option '{}'", word.to_string_lossy())),
            _ => {
                request.script = Some(word);
                request.args = words.collect();
                break;
            }
        }
    }
    Ok(request)
}

/// Runs the command line of this process and gives its exit code.
pub fn run() -> i32 {
    let request = match parse(std::env::args_os().skip(1)) {
        Ok(request) => request,
        Err(text) => return complain(text.as_bytes()),
    };
    // SAFETY: no condition; null is handled.
    let state = unsafe { ffi::luaL_newstate() };
    if state.is_null() {
        return complain(b"cannot create a state: not enough memory");
    }
    let mut job = Job { request: &request, done: false };
    // SAFETY: the state is live until `lua_close` below, and this thread alone uses it; `job` outlives the call.
    unsafe {
        ffi::open(state);
        ffi::call_native(state, frame, (&raw mut job).cast());
    }
    let done = job.done;
    // SAFETY: the state is live and nothing refers to it any more.
    unsafe { ffi::lua_close(state) };
    if done { 0 } else { 1 }
}

/// What [`frame`] carries out.
struct Job<'a> {
    request: &'a Request,
    done: bool,
}

/// The C function that the stock front ends run everything in: tracebacks show it, and the depth of C calls counts it.
///
/// # Safety
/// Called by Lua with a light userdata that points to a [`Job`], and with nothing else on its stack.
unsafe extern "C" fn frame(state: *mut ffi::State) -> i32 {
    // SAFETY: the caller passes a live state and the job; the pointer is taken off the stack, which is empty then.
    unsafe {
        let job = &mut *ffi::lua_touserdata(state, 1).cast::<Job>();
        ffi::pop(state);
        job.done = serve(state, job.request);
    }
    0
}

/// # Safety
/// `state` is live and has its libraries, and its stack is empty.
unsafe fn serve(state: *mut ffi::State, request: &Request) -> bool {
    let mut parts: Vec<(&[u8], &CStr)> = Vec::new();
    for text in &request.prologue {
        parts.push((text.as_bytes(), c"=(option)"));
    }
    if request.version {
        parts.push((b"print(jit and jit.version or _VERSION .. '.8 (PUC)')", c"=(version)"));
    }
    for text in &request.code {
        parts.push((text.as_bytes(), c"=(command line)"));
    }
    // SAFETY: the caller gives a live state; every name is a C string and every slice outlives the call.
    unsafe {
        set_arg(state, request);
        for (text, name) in parts {
            if !finish(state, ffi::load_text(state, text, name.as_ptr()), &[]) {
                return false;
            }
        }
        let Some(script) = &request.script else { return true };
        let Ok(name) = CString::new(script.as_bytes()) else {
            complain(b"the script's name has a zero byte");
            return false;
        };
        finish(state, ffi::load_file(state, name.as_ptr()), &request.args)
    }
}

/// Calls the chunk that was just loaded, with a traceback on errors; says whether all went well.
///
/// # Safety
/// `state` is live, and the chunk (or the load error, where `status` is not 0) is at the top.
unsafe fn finish(state: *mut ffi::State, status: i32, args: &[OsString]) -> bool {
    // SAFETY: the caller gives a live state; the handler lies below the chunk that follows it, and the string
    // which `lua_tolstring` gives stays on the stack while it is read.
    unsafe {
        let mut status = status;
        if status == 0 {
            let room = i32::try_from(args.len()).is_ok_and(|n| ffi::lua_checkstack(state, n) != 0);
            assert!(room, "too many arguments");
            let mut nargs = 0;
            for text in args {
                ffi::push_string(state, text.as_bytes());
                nargs += 1;
            }
            // `set_arg` left debug.traceback at index 1 for good.
            status = ffi::call(state, nargs, 1);
        }
        if status == 0 {
            return true;
        }
        let mut len = 0;
        let text = ffi::lua_tolstring(state, -1, &mut len);
        if text.is_null() {
            complain(b"(error object is not a string)");
        } else {
            complain(std::slice::from_raw_parts(text.cast(), len));
        }
        ffi::pop(state);
        false
    }
}

/// Leaves `debug.traceback` at index 1 of the stack and sets the global `arg`.
///
/// # Safety
/// `state` is live, its libraries are open and its stack is empty.
unsafe fn set_arg(state: *mut ffi::State, request: &Request) {
    // SAFETY: the caller gives a live state; names are C strings.
    unsafe {
        ffi::push_library_function(state, c"debug".as_ptr(), c"traceback".as_ptr());
        ffi::lua_createtable(state, 0, 0);
        let words = request.script.iter().chain(&request.args);
        for (n, text) in (0..).zip(words) {
            ffi::set_element(state, n, text.as_bytes());
        }
        ffi::set_global(state, c"arg".as_ptr());
    }
}

fn complain(text: &[u8]) -> i32 {
    let mut out = std::io::stderr().lock();
    // Nothing is left to do when stderr is closed.
    let _ = out.write_all(b"host: ").and_then(|()| out.write_all(text)).and_then(|()| out.write_all(b"\n"));
    1
}
