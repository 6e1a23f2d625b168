//! The thread that compiles serves all states of a process: states on several threads, states
//! that are closed while code for them is on its way, and a process that was forked.

use cranelua_engine::{Options, State};

/// Objects of several classes, closures and errors: enough to be compiled, renewed and thrown away.
const PROGRAM: &[u8] = b"
local total = 0
local function class(step)
  local C = {}
  C.__index = C
  function C.new(n) return setmetatable({ n = n }, C) end
  function C:add(k) self.n = self.n + k * step return self.n end
  return C
end
for round = 1, 6 do
  local classes = {}
  for i = 1, 4 do classes[i] = class(i) end
  for i = 1, 6000 do
    local o = classes[i % 4 + 1].new(i % 10)
    total = total + o:add(i % 3)
    if i % 1000 == 0 then total = total + #(select(2, pcall(error, 'x' .. i, 0))) end
  end
  for i, text in ipairs { 'a', 'bc', 'def' } do total = total + i * #text end
  collectgarbage()
end
return total
";

/// Runs the program in a new state.
fn run() -> i64 {
    let options = Options { hot_loop: 30, hot_call: 20, ..Options::default() };
    let state = State::new(&options).expect("there is memory for a state");
    assert_eq!(state.open_libraries(), State::OK);
    let l = state.lua();
    assert_eq!(l.load(PROGRAM, b"=program", b"t"), State::OK);
    assert_eq!(l.pcall(0, 1, 0), State::OK);
    l.value(-1).as_integer()
}

fn expected() -> i64 {
    let options = Options { jit: false, ..Options::default() };
    let state = State::new(&options).expect("there is memory for a state");
    assert_eq!(state.open_libraries(), State::OK);
    let l = state.lua();
    assert_eq!(l.load(PROGRAM, b"=program", b"t"), State::OK);
    assert_eq!(l.pcall(0, 1, 0), State::OK);
    l.value(-1).as_integer()
}

#[test]
fn states_on_several_threads() {
    let expected = expected();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..8).map(|_| run()).collect::<Vec<i64>>())).collect();
        for t in threads {
            assert!(t.join().expect("no thread panics").iter().all(|&n| n == expected));
        }
    });
}

#[test]
fn states_that_close_while_code_is_on_its_way() {
    let options = Options { hot_loop: 1, hot_call: 1, ..Options::default() };
    for calls in 0..200 {
        let state = State::new(&options).expect("there is memory for a state");
        assert_eq!(state.open_libraries(), State::OK);
        let l = state.lua();
        let text = format!("local n = 0 for i = 1, {} do n = n + #tostring(i) end return n", 40 + calls);
        assert_eq!(l.load(text.as_bytes(), b"=short", b"t"), State::OK);
        assert_eq!(l.pcall(0, 1, 0), State::OK);
    }
}

#[test]
fn a_forked_process_compiles_too() {
    let expected = expected();
    assert_eq!(run(), expected);
    // SAFETY: the child runs Lua and ends without returning; no lock is needed that another thread of this
    // process could hold, but for the allocator's, which C's library gives the child back.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let right = run() == expected;
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(i32::from(!right)) };
    }
    let mut status = 0;
    // SAFETY: waits for the child that was just made.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child fails or dies");
}
