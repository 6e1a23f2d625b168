-- Lexical conventions: numerals, strings, escapes, long brackets, comments, names, operators without spaces.
print(0x10, 0XfF, 0x.8p1, 0x1P-2, 1e2, 1E-2, .5, 5., 3e+1, 0x7fffffffffffffff, 0xA)
print(1//1, 1/1, 2^-1, 1 ..2, 3-- comment right after
+4)
print("a\
b", 'single "double"', "double 'single'", "\65\066\x43\u{44}", "\z
       skipped   spaces", "tab\tnew\\n", '\'', "\"", "\a\b\f\v" == "\7\8\12\11")
print([[long
string]], [[
first newline skipped]], [==[with ]] and ]=] inside]==], #[[

]], [=[]]]=], [[\n is not an escape]])
print(--[[inline comment]] "after", --[==[ multi
line ]] ]=] ]==] "comment")
--[[ a block comment
print "hidden"
]]
---[[ not a block comment
print "visible"
--]]
--[=[ ]] ]=] print "after long comment"
;;; print "semicolons";
do ; end
local a1, _a, A, __index, a_b_c, _ = 1, 2, 3, 4, 5, 6
print(a1, _a, A, __index, a_b_c, _)
local andy, notx, iff, end_, nilly, goto1 = "names", "that", "start", "like", "key", "words"
print(andy, notx, iff, end_, nilly, goto1)
local t = { ["key with space"] = 1, key = 2, [1] = 3, [-1] = 4, [1.5] = 5, [true] = 6, "positional"; "semi", nested = { { {} } }, }
print(t["key with space"], t.key, t[1], t[-1], t[1.5], t[true], t[2], #t.nested, #t.nested[1][1])
print(#"\0\1", ("x"):byte(), (("y")), ({ 1, 2 })[2], (function() return "called" end)(), #{ ... })
print(type "string call", type { "table call" }, type [[long call]], ("%s"):format "m", #"a" .. "b")
local s = "method"
print(s:upper():lower():rep(2), s:sub(1, 1):byte())
print(2^3^2, -2^2, not nil == true, not (1 == 2), 1 .. 2 == "12", 1 + 2 .. 3 + 4, 2 * 3 % 4, 7 // 2 * 2, -3 % 5, 1 << 2 + 1, 1 | 2 & 3 ~ 1, "a" < "b" == true)
print(a1==1, a1~=1, a1<=1, a1>=1, a1<<1, a1>>1, a1//1, a1~3, ~a1, a1 .. 2)
-- carriage returns, form feeds and tabs are space; every newline form counts one line
print(load("return\t1\f+\v2")(), load("return debug.getinfo(1, 'l').currentline\r\n", "=x")(), load("\n\r\n\r\r\r return debug.getinfo(1, 'l').currentline", "=x")(), load("x = [[a\r\nb\rc\n\rd]] return x")() == "a\nb\nc\nd")
print(#load("return 'a\\\r\nb'")(), load("--\r\nreturn 'cr'")(), load("-- only comment") ~= nil, load("--[[ ]]") ~= nil)
-- malformed tokens
local function err(src) print((select(2, load(src, "=t")))) end
err "x = 1.2.3"
err "x = 0x"
err "x = 0xg"
err "x = 1e"
err "x = 1e+"
err "x = 3x"
err "x = 0b1"
err "x = 1__0"
err "x = 'unfinished"
err "x = 'new\nline'"
err 'x = "\\q"'
err 'x = "\\300"'
err 'x = "\\xZZ"'
err 'x = "\\x1"'
err 'x = "\\u{110000000}"'
err 'x = "\\u{}"'
err 'x = "\\u123"'
err 'x = "\\u{12"'
err 'x = "\\999"'
err "x = [[unfinished"
err "x = [==[unfinished]=]"
err "x = [=unfinished"
err "--[[ unfinished comment"
err "x = @"
err "x = $y"
err "x = 1 ! 2"
err "x = \\"
err "x = 'tab\tok' .. `"
err "\1 = 2"
err "x = \"a\\"
err "x = a.1"
err "x = é"
err "x = ~"
err "x == 1"
err "x = ..."
err "local function f() return ... end"
print(load "x = 'a\\z\n\n  b' return x"(), load "return '\\u{7FFFFFFF}'"():len())
-- a very long token in a message is shortened
print(#(select(2, load("x = '" .. ("q"):rep(300), "=t"))) < 400, (select(2, load(("n"):rep(200) .. " " .. ("m"):rep(200), "=t"))):sub(1, 60))
-- numerals at their limits
print(9223372036854775807, 9223372036854775808, 0xffffffffffffffff, 1e308, 1e309, 1e-400, 0x1p1023, 0x1p1024)
print(00012, 0x00ff, 1.0e0, 0e12, 0x0p1)
