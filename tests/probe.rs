//! The test modes that probe native code at its calls must do so: a mode that never probes would find nothing, and
//! pass for ever.

#[path = "support/modes.rs"]
mod modes;
#[path = "support/process.rs"]
mod process;
#[path = "support/scratch.rs"]
mod scratch;

/// Leaves native code in every way that there is.
const PROGRAM: &str = r#"
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local double = setmetatable({}, { __index = function(_, k) return k * 2 end })
local named = setmetatable({}, { __index = function(_, k) return k end })
local function read(t, k) return t[k] end
local function mixed(n)
  local sum = 0
  for i = 1, n do
    -- No native code yet.
    local fresh = load("return 1 + ...")
    local second = fresh(i)
    local t = { i, second }
    local s = string.rep("x", i % 3) .. i
    sum = sum + double[i] + #tostring(i) + t[2] + #s + #named.key + read(i % 5 == 0 and double or t, 1)
  end
  return sum
end
print(fib(18), mixed(2000), mixed(300))
"#;

/// What reference Lua prints for it.
const EXPECTED: &str = "2584\t7627587\t174654\n";

#[test]
fn every_mode_that_probes_does_everything_everywhere() {
    if std::env::var_os("CRANELUA_TEST_BIN").is_some() {
        return;
    }
    let probing = |mode: &modes::Mode| mode.options.contains("-Oprobe");
    assert!(modes::MODES.iter().filter(|m| probing(m)).count() >= 2, "modes that probe");
    for mode in modes::selected().expect("known modes").into_iter().filter(|m| probing(m)) {
        let scratch = scratch::Scratch::new().expect("a folder for the test");
        let file = scratch.path().join("statistics");
        let mut command = process::lua_command(&format!("{} -jstat={}", mode.options, file.display()));
        let outcome = process::run(command.args(["-e", PROGRAM]), b"", mode.limit).expect("a run");
        assert_eq!(outcome.ending(), process::SUCCESS, "{}", mode.name);
        assert_eq!(String::from_utf8_lossy(&outcome.stdout), EXPECTED, "{}", mode.name);
        let statistics = std::fs::read_to_string(&file).expect("statistics");
        let line = statistics.lines().find(|l| l.contains("\"probes\"")).expect("counts of probes");
        let counts: Vec<(&str, u64)> = line
            .split(['{', ',', '}'])
            .skip(1)
            .filter_map(|entry| entry.trim().split_once(": "))
            .map(|(name, n)| (name, n.parse().expect("a count")))
            .collect();
        assert!(counts.len() > 12, "{}: {line}", mode.name);
        for (name, n) in counts {
            assert!(n > 0, "{}: nothing of {name}: {line}", mode.name);
        }
    }
}

#[test]
fn nothing_is_probed_without_the_option() {
    if std::env::var_os("CRANELUA_TEST_BIN").is_some() {
        return;
    }
    let mut command = process::lua_command("-Oeager -jstat");
    let limit = std::time::Duration::from_secs(60);
    let outcome = process::run(command.args(["-e", PROGRAM]), b"", limit).expect("a run");
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), EXPECTED);
    let statistics = String::from_utf8_lossy(&outcome.stderr);
    assert!(statistics.contains("compiles") && !statistics.contains("probes"), "{statistics}");
}
