-- require, package.loaded, preload, searchers, searchpath, config; modules that fail.
local dir = os.tmpname()
os.remove(dir)
assert(os.execute("mkdir " .. dir))
local function write(name, text)
  local f = assert(io.open(dir .. "/" .. name, "w"))
  f:write(text)
  f:close()
end
local function clean(s) return (tostring(s):gsub(dir, "DIR"):gsub("DIR%-", "DIR%%-")) end
local oldpath, oldcpath = package.path, package.cpath
package.path = dir .. "/?.lua;" .. dir .. "/?/init.lua"
package.cpath = dir .. "/?.so"

print(package.config:gsub("\n", "|"))
write("simple.lua", "local name, file = ... loads = (loads or 0) + 1 return { name = name, file = file }")
local m, extra = require "simple"
print(m.name, clean(m.file), clean(extra), loads)
local again, extra2 = require "simple"
print(again == m, extra2, loads, package.loaded.simple == m)
package.loaded.simple = nil
print(require "simple" == m, loads)
loads = nil

-- results: nothing, false, a function, nil after setting package.loaded
write("nothing.lua", "")
write("false.lua", "return false")
write("setself.lua", "package.loaded[...] = 'set by itself'")
write("both.lua", "package.loaded[...] = 'first' return 'second'")
write("num.lua", "return 42, 'dropped'")
for _, n in ipairs { "nothing", "false", "setself", "both", "num" } do print(n, (require(n)), package.loaded[n]) end

-- submodules
os.execute("mkdir " .. dir .. "/pkg")
write("pkg/init.lua", "return { init = ..., sub = require 'pkg.sub' }")
write("pkg/sub.lua", "return 'sub of ' .. ...")
local pkg = require "pkg"
print(pkg.init, pkg.sub, package.loaded["pkg.sub"])

-- errors
write("syntax.lua", "return +")
write("fails.lua", "error('while loading')")
write("failobj.lua", "error({ code = 5 })")
print((clean(select(2, pcall(require, "syntax")))))
print((clean(select(2, pcall(require, "fails")))))
print(select(2, pcall(require, "failobj")).code)
print((clean(select(2, pcall(require, "does.not.exist")))))
print(pcall(require))
print(package.loaded.fails, package.loaded.syntax)

-- cyclic requires see the partial state
write("cyca.lua", "package.loaded[...] = { a = 1 } local b = require 'cycb' package.loaded[...].b = b return package.loaded[...]")
write("cycb.lua", "return { seen = require('cyca').a }")
print(require "cyca".b.seen)

-- preload has priority
package.preload.virtual = function(...) return { args = table.pack(...) } end
write("virtual.lua", "return 'file'")
local v, ve = require "virtual"
print(v.args[1], v.args[2], ve)

-- searchers: one of our own, returning a loader, a message, or nothing
print(#package.searchers, type(package.searchers[1]))
table.insert(package.searchers, 2, function(name)
  if name:match "^gen%." then return function(n, x) return "generated " .. n .. " " .. tostring(x) end, "extra value" end
  if name == "told" then return "\n\tcustom searcher refuses" end
end)
print(require "gen.one")
print((clean(select(2, pcall(require, "told")))))
table.remove(package.searchers, 2)
local saved = package.searchers
package.searchers = nil
print(pcall(require, "x"))
package.searchers = {}
print((clean(select(2, pcall(require, "x")))))
package.searchers = saved

-- searchpath
print(clean(package.searchpath("simple", package.path)), clean(package.searchpath("pkg.sub", package.path)))
print(clean(select(2, package.searchpath("no.such", "./?.none;/x/?.y"))))
print(clean(select(2, package.searchpath("no.such", "?.a", "."))), clean(select(2, package.searchpath("no-such", "?.a", "-", "_"))), clean(select(2, package.searchpath("a.b", "?.a", ""))))
print(package.searchpath("x", ""), pcall(package.searchpath, "x"))
package.path = 5
print((clean(select(2, pcall(require, "y")))):match "no file '5'")
package.path = nil
print(pcall(require, "y"))
package.path = oldpath

-- loadlib of what is not there
local f, msg, where = package.loadlib(dir .. "/missing.so", "luaopen_missing")
print(f, type(msg), where == "open" or where == "absent")
-- the loaded table holds the libraries
for _, lib in ipairs { "_G", "string", "table", "math", "io", "os", "coroutine", "utf8", "debug", "package" } do
  assert(package.loaded[lib] == (_G[lib]) and require(lib) == package.loaded[lib])
end
print(package.loaded._G == _G, debug.getregistry()._LOADED == package.loaded, debug.getregistry()._PRELOAD == package.preload)
package.cpath = oldcpath
os.execute("rm -r " .. dir)
