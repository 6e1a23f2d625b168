-- A converter from Markdown to HTML: blocks line by line (headings, lists in lists, quotes, code, tables, rules), spans
-- by patterns (emphasis, code, links, images, escapes), reference links and a table of contents.

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local Spans = {}
Spans.__index = Spans

function Spans.new(links)
  return setmetatable({ links = links, kept = {} }, Spans)
end

-- Puts finished HTML aside, so that later rules do not touch it.
function Spans:keep(html)
  self.kept[#self.kept + 1] = html
  return "\1" .. #self.kept .. "\2"
end

function Spans:link(text, address, title)
  local attribute = title ~= "" and ' title="' .. escape(title) .. '"' or ""
  return self:keep('<a href="' .. escape(address) .. '"' .. attribute .. ">") .. text .. self:keep("</a>")
end

function Spans:render(text)
  text = text:gsub("\\([\\`*_{}%[%]()#+%-.!|])", function(c)
    return self:keep(escape(c))
  end)
  text = text:gsub("(`+)%s*(.-)%s*%1", function(_, code)
    return self:keep("<code>" .. escape(code) .. "</code>")
  end)
  text = text:gsub("!%[(.-)%]%((%S-)%)", function(alt, address)
    return self:keep('<img src="' .. escape(address) .. '" alt="' .. escape(alt) .. '">')
  end)
  text = text:gsub("%[(.-)%]%((%S-)%s*\"?([^\"()]*)\"?%)", function(label, address, title)
    return self:link(label, address, title)
  end)
  text = text:gsub("%[(.-)%]%[(.-)%]", function(label, id)
    local target = self.links[(id == "" and label or id):lower()]
    if target then
      return self:link(label, target.address, target.title)
    end
    return nil
  end)
  text = text:gsub("<(https?://[^>%s]+)>", function(address)
    return self:link(address, address, "")
  end)
  text = escape(text)
  text = text:gsub("%*%*([^%s*].-)%*%*", "<strong>%1</strong>")
  text = text:gsub("__([^%s_].-)__", "<strong>%1</strong>")
  text = text:gsub("%*([^%s*][^*]-)%*", "<em>%1</em>")
  text = text:gsub("%f[%w_]_([^%s_][^_]-)_%f[^%w_]", "<em>%1</em>")
  text = text:gsub("~~(.-)~~", "<del>%1</del>")
  text = text:gsub("  \n", "<br>\n")
  while text:find("\1", 1, true) do
    text = text:gsub("\1(%d+)\2", function(n)
      return self.kept[tonumber(n)]
    end)
  end
  return text
end

local Converter = {}
Converter.__index = Converter

function Converter.new()
  return setmetatable({ links = {}, headings = {}, ids = {} }, Converter)
end

local function split_lines(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do
    lines[#lines + 1] = line:gsub("\t", "    ")
  end
  return lines
end

-- Takes reference definitions out of the lines.
function Converter:collect(lines)
  local rest = {}
  for _, line in ipairs(lines) do
    local id, address, title = line:match("^ ? ? ?%[([^%]]+)%]:%s*(%S+)%s*\"?([^\"]*)\"?%s*$")
    if id then
      self.links[id:lower()] = { address = address, title = title }
    else
      rest[#rest + 1] = line
    end
  end
  return rest
end

function Converter:spans(text)
  return Spans.new(self.links):render(text)
end

function Converter:heading(level, text, out)
  local id = text:lower():gsub("[^%w%s-]", ""):gsub("%s+", "-")
  local count = self.ids[id]
  self.ids[id] = (count or 0) + 1
  if count then
    id = id .. "-" .. count
  end
  self.headings[#self.headings + 1] = { level = level, text = text, id = id }
  out[#out + 1] = string.format('<h%d id="%s">%s</h%d>', level, id, self:spans(text), level)
end

local function is_blank(line)
  return not line:find("%S")
end

local function is_rule(line)
  local bare = line:gsub("%s", "")
  return #bare >= 3 and (bare:find("^%-+$") or bare:find("^%*+$") or bare:find("^_+$")) and true or false
end

local function item_of(line)
  local indent, marker, rest = line:match("^( *)([-*+]) +(.*)$")
  if marker then
    return #indent, "ul", rest, #indent + 2
  end
  local number
  indent, number, rest = line:match("^( *)(%d+)[.)] +(.*)$")
  if number then
    return #indent, "ol", rest, #indent + #number + 2
  end
  return nil
end

local function cells_of(line)
  local cells = {}
  line = line:gsub("^%s*|", ""):gsub("|%s*$", "")
  for cell in (line .. "|"):gmatch("(.-)|") do
    cells[#cells + 1] = cell:match("^%s*(.-)%s*$")
  end
  return cells
end

function Converter:table(lines, at, out)
  local aligns = {}
  for i, cell in ipairs(cells_of(lines[at + 1])) do
    local left, right = cell:sub(1, 1) == ":", cell:sub(-1) == ":"
    aligns[i] = left and right and "center" or right and "right" or left and "left" or nil
  end
  local function row(line, tag)
    local html = {}
    for i, cell in ipairs(cells_of(line)) do
      local style = aligns[i] and ' align="' .. aligns[i] .. '"' or ""
      html[#html + 1] = "<" .. tag .. style .. ">" .. self:spans(cell) .. "</" .. tag .. ">"
    end
    return "<tr>" .. table.concat(html) .. "</tr>"
  end
  out[#out + 1] = "<table>"
  out[#out + 1] = row(lines[at], "th")
  at = at + 2
  while lines[at] and lines[at]:find("|", 1, true) do
    out[#out + 1] = row(lines[at], "td")
    at = at + 1
  end
  out[#out + 1] = "</table>"
  return at
end

function Converter:list(lines, at, out)
  local base, kind = item_of(lines[at])
  out[#out + 1] = "<" .. kind .. ">"
  while lines[at] do
    local indent, this, first, content = item_of(lines[at])
    if not indent or indent < base or (indent == base and this ~= kind) then
      break
    end
    local inner, loose = { first }, false
    at = at + 1
    while lines[at] do
      local line = lines[at]
      if is_blank(line) then
        local following = lines[at + 1]
        if not following or not following:find("^" .. (" "):rep(content) .. "%S") then
          break
        end
        loose = true
        inner[#inner + 1] = ""
      else
        local other = item_of(line)
        if other and other <= base then
          break
        elseif other or line:find("^" .. (" "):rep(base + 1)) then
          inner[#inner + 1] = line:sub(math.min(content, #line:match("^ *")) + 1)
        else
          break
        end
      end
      at = at + 1
    end
    local html = {}
    self:blocks(inner, html, not loose)
    out[#out + 1] = "<li>" .. table.concat(html, "\n") .. "</li>"
    if lines[at] and is_blank(lines[at]) and lines[at + 1] and item_of(lines[at + 1]) then
      at = at + 1
    end
  end
  out[#out + 1] = "</" .. kind .. ">"
  return at
end

function Converter:quote(lines, at, out)
  local inner = {}
  while lines[at] and lines[at]:find("^ ? ? ?>") do
    inner[#inner + 1] = lines[at]:gsub("^ *> ?", "", 1)
    at = at + 1
  end
  local html = {}
  self:blocks(inner, html, false)
  out[#out + 1] = "<blockquote>\n" .. table.concat(html, "\n") .. "\n</blockquote>"
  return at
end

function Converter:fenced(lines, at, out)
  local fence, language = lines[at]:match("^(```+)%s*(%S*)")
  local code = {}
  at = at + 1
  while lines[at] and lines[at]:sub(1, #fence) ~= fence do
    code[#code + 1] = escape(lines[at])
    at = at + 1
  end
  local class = language ~= "" and ' class="language-' .. language .. '"' or ""
  out[#out + 1] = "<pre><code" .. class .. ">" .. table.concat(code, "\n") .. "</code></pre>"
  return at + 1
end

function Converter:blocks(lines, out, tight)
  local at = 1
  while lines[at] do
    local line = lines[at]
    local marks, title = line:match("^(#+)%s+(.-)%s*#*$")
    if is_blank(line) then
      at = at + 1
    elseif marks and #marks <= 6 then
      self:heading(#marks, title, out)
      at = at + 1
    elseif is_rule(line) then
      out[#out + 1] = "<hr>"
      at = at + 1
    elseif line:find("^```") then
      at = self:fenced(lines, at, out)
    elseif line:find("^ ? ? ?>") then
      at = self:quote(lines, at, out)
    elseif line:find("^    ") then
      local code = {}
      while lines[at] and (lines[at]:find("^    ") or is_blank(lines[at])) do
        code[#code + 1] = escape(lines[at]:sub(5))
        at = at + 1
      end
      out[#out + 1] = "<pre><code>" .. table.concat(code, "\n"):gsub("%s+$", "") .. "</code></pre>"
    elseif item_of(line) then
      at = self:list(lines, at, out)
    elseif line:find("|", 1, true) and lines[at + 1] and lines[at + 1]:find("^[%s|:-]*%-[%s|:-]*$") then
      at = self:table(lines, at, out)
    else
      local paragraph = {}
      while lines[at] and not is_blank(lines[at]) and not lines[at]:find("^#") and not lines[at]:find("^```")
        and not lines[at]:find("^>") and not (#paragraph > 0 and item_of(lines[at])) do
        paragraph[#paragraph + 1] = lines[at]:gsub("^%s+", "")
        at = at + 1
        if lines[at] and lines[at]:find("^=+%s*$") then
          self:heading(1, table.concat(paragraph, " "), out)
          paragraph = nil
          at = at + 1
          break
        end
      end
      if paragraph then
        local html = self:spans(table.concat(paragraph, "\n"))
        out[#out + 1] = tight and html or "<p>" .. html .. "</p>"
      end
    end
  end
end

function Converter:convert(text)
  local out = {}
  self:blocks(self:collect(split_lines(text)), out, false)
  local contents = {}
  for i, heading in ipairs(self.headings) do
    contents[i] = ("  "):rep(heading.level - 1) .. "- " .. heading.text .. " #" .. heading.id
  end
  return table.concat(out, "\n"), table.concat(contents, "\n")
end

local SAMPLE = [==[
A title
=======
Some *emphasis*, some **strong words**, `code with <b>` and a [link](http://example.org/a?b=1&c=2 "A title").
A second line with a hard break  
and an image: ![alt text](pic.png), \*escaped\*, <https://example.net>, snake_case_words and ~~gone~~.

## Lists ##

- first item
- second item with `code`
  - nested **one**
  - nested two
    1. deep
    2. deeper
- third, with a [reference][Ref] and a [missing][nothing]

1. one

   A paragraph in an item.
2. two

> A quote with *words*
> over lines.
>
> > and one inside

```lua
local x = a < b and "yes" or "no" -- *not emphasis*
```

    indented code & more

| name | count | price |
|:-----|:-----:|------:|
| **a** | 1 | 2.50 |
| `b`   | 22 | 13.00 |

---
[ref]: http://example.com/ref "Reference"
]==]

local function document(seed)
  local parts = {}
  for i = 1, 6 do
    seed = (seed * 16807) % 2147483647
    parts[#parts + 1] = "## Section " .. seed % 5 .. "\n\n"
    parts[#parts + 1] = SAMPLE:gsub("A title", "Title " .. i):gsub("item", "item" .. seed % 9)
    parts[#parts + 1] = "\nText with **" .. seed % 100 .. "** and " .. ("words _of_ text "):rep(seed % 12 + 1) .. ".\n\n"
  end
  return table.concat(parts)
end

local rounds = tonumber(arg and arg[1]) or 10
local sum, bytes = 0, 0
for round = 1, rounds do
  local html, contents = Converter.new():convert(document(round))
  bytes = bytes + #html + #contents
  for i = 1, #html, 11 do
    sum = (sum * 31 + html:byte(i)) % 1000003
  end
end
print(string.format("markdown %d %d", bytes, sum))
