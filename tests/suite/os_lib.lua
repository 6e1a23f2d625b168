-- os: date, time, clock, getenv, rename, remove, tmpname, execute, difftime, setlocale.
print(os.time { year = 2000, month = 1, day = 1, hour = 12 } - os.time { year = 2000, month = 1, day = 1 })
print(os.time { year = 2001, month = 1, day = 1, hour = 0 } - os.time { year = 2000, month = 1, day = 1, hour = 0 })
print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%Y-%m-%d %H:%M:%S", 86399), os.date("!%x %X %p", 0), os.date("!%A %B %d %j %U %w %a %b %y %%", 951782400))
print(os.date("!%c", 0), os.date("!%D|%e|%F|%g|%G|%h|%I|%M|%n|%R|%t|%T|%u|%V|%C", 1e9 | 0))
print(os.date("!%Ex %EX %Ey %Od %OH", 0))
local d = os.date("!*t", 1234567890)
print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
print(type(os.date()), #os.date "%Y", os.date("!%H", 3600.0))
for _, bad in ipairs { "%", "%E", "%Q", "%Ez", "%O", "%5", "x%!" } do print(bad, pcall(os.date, bad, 0)) end
print(pcall(os.date, "*t", 2 ^ 60))
print(pcall(os.date, "%Y", 1.5))
print(pcall(os.date, "%Y", "x"))

-- normalisation of fields; the table is updated
local t = { year = 2023, month = 14, day = -3, hour = 25, min = 61, sec = 61 }
local stamp = os.time(t)
print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.yday, t.wday)
print(os.date("*t", stamp).day == t.day, os.time(os.date("*t", stamp)) == stamp)
t = { year = 2024, month = 2, day = 30, hour = 12 }
os.time(t)
print(t.month, t.day, t.yday)
print(pcall(os.time, { year = 2020 }))
print(pcall(os.time, { year = 2020, month = 1 }))
print(pcall(os.time, { year = 2020, month = "x", day = 1 }))
print(pcall(os.time, { year = 2020, month = 1.5, day = 1 }))
print(pcall(os.time, { year = 1 << 40, month = 1, day = 1 }))
print(pcall(os.time, 5))
print(os.time { year = "2000", month = "01", day = "1", hour = "12" } == os.time { year = 2000, month = 1, day = 1 }, os.time { year = 2000.0, month = 1, day = 1 } == os.time { year = 2000, month = 1, day = 1, hour = 12 })
print(math.type(os.time()), os.time() > 1.6e9, os.difftime(10, 4), math.type(os.difftime(5, 5)), pcall(os.difftime))
print(type(os.clock()), math.type(os.clock()), os.clock() >= 0)
local c = os.clock()
local x = 0
for i = 1, 100000 do x = x + i end
print(os.clock() >= c, x)

-- days between dates, leap years
local function days(y) return os.difftime(os.time { year = y + 1, month = 1, day = 1, hour = 12 }, os.time { year = y, month = 1, day = 1, hour = 12 }) // 86400 end
print(days(1999), days(2000), days(2004), days(2023), days(2024))
local wd = {}
for i = 1, 12 do local q = { year = 2024, month = i, day = 1, hour = 12 } os.time(q) wd[i] = q.wday end
print(table.concat(wd, " "))

-- environment, files, programs
print(os.getenv "THIS_VARIABLE_DOES_NOT_EXIST", type(os.getenv "PATH"), pcall(os.getenv))
local a, b = os.tmpname(), os.tmpname()
print(type(a), a ~= b)
local f = io.open(a, "w")
f:write "content"
f:close()
print(os.rename(a, b), io.open(a) == nil, io.open(b):read "a")
print((select(2, os.rename(a, b)):gsub(a, "A", 1)), select(3, os.rename(a, b)))
print(os.remove(b), (select(2, os.remove(b)):gsub(b, "B", 1)), select(3, os.remove(b)))
print(pcall(os.remove), pcall(os.rename, "x"))
print(os.execute() == true, os.execute "exit 0")
print(os.execute "exit 5")
print(os.execute "kill -9 $$")
print(os.setlocale(), os.setlocale "C", os.setlocale(nil, "numeric"), os.setlocale("C", "all"), os.setlocale "no_SUCH_locale", pcall(os.setlocale, "C", "bad"))
-- exit codes, seen from outside
local function code(s) return select(3, os.execute((arg[-1] and '"' .. arg[-1] .. '"' or "lua") .. " -e '" .. s .. "' >/dev/null 2>&1")) end
print(code "os.exit(7)", code "os.exit(true)", code "os.exit(false)", code "os.exit(0, true)", code "error(1)", code "x =", code "os.exit(3.0)", code "")
-- calendar for one month from wday alone
local q = { year = 2024, month = 2, day = 1, hour = 12 }
os.time(q)
local line = ("   "):rep(q.wday - 1)
for day = 1, 29 do line = line .. ("%3d"):format(day) if (q.wday - 1 + day) % 7 == 0 then print(line) line = "" end end
print(line)
