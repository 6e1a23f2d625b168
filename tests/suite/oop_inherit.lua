-- Classes, single and multiple inheritance, super calls, properties, mixins.
local Object = {}
Object.__index = Object
Object.classname = "Object"
function Object:extend(name)
  local cls = {}
  for k, v in pairs(self) do if k:find "^__" then cls[k] = v end end
  cls.__index = cls
  cls.super = self
  cls.classname = name
  return setmetatable(cls, self)
end
function Object.__call(cls, ...)
  local o = setmetatable({}, cls)
  o:init(...)
  return o
end
function Object:init() end
function Object:is(cls)
  local m = getmetatable(self)
  while m do
    if m == cls then return true end
    m = getmetatable(m)
  end
  return false
end
function Object:__tostring() return self.classname .. "{" .. (self.name or "?") .. "}" end

local Animal = Object:extend "Animal"
function Animal:init(name, sound) self.name, self.sound = name, sound end
function Animal:speak() return self.name .. " says " .. self.sound end
local Dog = Animal:extend "Dog"
function Dog:init(name) Dog.super.init(self, name, "woof") self.tricks = {} end
function Dog:learn(t) self.tricks[#self.tricks + 1] = t return self end
function Dog:speak() return Dog.super.speak(self) .. "!" end
local Puppy = Dog:extend "Puppy"
function Puppy:speak() return (Dog.speak(self):gsub("woof", "yip")) end

local d, p = Dog "Rex", Puppy "Bit"
print(d, p, d:speak(), p:speak())
print(#d:learn("sit"):learn("roll").tricks, #p.tricks, d:is(Animal), d:is(Puppy), p:is(Dog), p:is(Object))
print(rawget(Puppy, "learn"), Puppy.learn == Dog.learn, p.classname, d.super == Animal)
-- a method added to the base later is seen by all
function Animal:legs() return 4 end
print(d:legs(), p:legs())
function Puppy:legs() return "four small" end
print(d:legs(), p:legs())

-- multiple inheritance by search, cached in the class
local function combine(...)
  local parents = { ... }
  local cls = setmetatable({}, { __index = function(t, k)
    for _, par in ipairs(parents) do
      local v = par[k]
      if v ~= nil then rawset(t, k, v) return v end
    end
  end })
  cls.__index = cls
  return cls
end
local Named = { getname = function(self) return self.name end, setname = function(self, n) self.name = n end }
local Counted = { count = 0, bump = function(self) self.count = self.count + 1 return self.count end }
local Both = combine(Named, Counted)
local o = setmetatable({ name = "both" }, Both)
o:bump() o:bump()
print(o:getname(), o.count, Counted.count, rawget(Both, "bump") == Counted.bump)

-- properties through __index and __newindex functions
local function Temperature()
  local c = 0
  return setmetatable({}, {
    __index = function(_, k) if k == "celsius" then return c elseif k == "fahrenheit" then return c * 9 / 5 + 32 end end,
    __newindex = function(_, k, v)
      if k == "celsius" then c = v elseif k == "fahrenheit" then c = (v - 32) * 5 / 9 else error("no property " .. k, 2) end
    end,
  })
end
local temp = Temperature()
temp.celsius = 100
print(temp.fahrenheit)
temp.fahrenheit = 32
print(temp.celsius, temp.kelvin, pcall(function() temp.kelvin = 1 end))

-- privacy through closures
local function Account(balance)
  local self = {}
  function self.deposit(v) balance = balance + v return self end
  function self.withdraw(v) if v > balance then error("insufficient funds", 2) end balance = balance - v return self end
  function self.balance() return balance end
  return self
end
local acc = Account(10).deposit(5)
print(acc.withdraw(7).balance(), pcall(acc.withdraw, 100))

-- hot polymorphic dispatch, with classes appearing and a method replaced on the way
local Shape = Object:extend "Shape"
local Sq, Ci, Re = Shape:extend "Sq", Shape:extend "Ci", Shape:extend "Re"
function Sq:init(s) self.s = s end
function Sq:area() return self.s * self.s end
function Ci:init(r) self.r = r end
function Ci:area() return 3 * self.r * self.r end
function Re:init(w, h) self.w, self.h = w, h end
function Re:area() return self.w * self.h end
local shapes = { Sq(2), Ci(1), Re(2, 3), Sq(1.5), Re(0.5, 4) }
local sum = 0
for i = 1, 10000 do
  local n = i < 3000 and 1 or i < 6000 and 2 or 5
  sum = sum + shapes[i % n + 1]:area()
  if i == 8000 then function Sq:area() return -1 end end
  if i == 9000 then shapes[1].area = function() return 0 end end
end
print(sum)
