"""What a template may say: native docxtpl tags, kept to what a form needs; each fault with its place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.errors import ExportError
from app.services.templates.fields import ALL, spell
from app.services.templates.views import Piece, Problem, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jinja2 import Template

    from app.services.forms.form import Field
    from app.services.templates.fields import Fields

PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
HALF = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
PICTURE_FILTER = "放图"
_SIMPLE = re.compile(r"\{\{[rp]?\s*([\w\s　（）().．/／、:：-]+?)\s*\}\}", re.DOTALL)
_PREFIX = re.compile(r"^(\{[{%])(?:-|(?:tr|tc|p|r)(?=\s))?")
_STATEMENT = re.compile(r"\{%-?\s*(\w+)")
_ARRANGING = re.compile(r"\{%\s*(vm|hm)\s*%\}|\{%\s*(?:colspan|cellbg)\s+(.*?)%\}", re.DOTALL)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Concat, nodes.Filter, nodes.Test,
)  # fmt: skip
_FILTERS = ("length", "count", "trim", "default", "upper", "lower", "first", "last", "int", "batch")
_TESTS = ("defined", "none", "eq", "ne", "gt", "lt", "ge", "le", "odd", "even", "string")
_NATIVE = frozenset(_FILTERS) - {"batch"}
_MOST_LINES = 1_000_000
_DEEPEST = 3


class TooLongError(Exception):
    """Lists within lists within lists: the file would never be done."""


class Lines(list[Any]):
    """Lines of a list; counts how often any of them is gone through."""

    def __init__(self, lines: Sequence[Any], spent: list[int]) -> None:
        super().__init__(lines)
        self._spent = spent

    def __iter__(self) -> Iterator[Any]:
        for line in super().__iter__():
            self._spent[0] += 1
            if self._spent[0] > _MOST_LINES:
                raise TooLongError
            yield line


def counted(context: dict[str, Any], spent: list[int] | None = None) -> dict[str, Any]:
    """The same values, with a bound on how long loops over them can last."""
    spent = spent if spent is not None else [0]
    return {
        name: Lines([counted(line, spent) for line in value], spent)
        if isinstance(value, list)
        else value
        for name, value in context.items()
    }


class Language(ImmutableSandboxedEnvironment):
    """Jinja without anything that reaches out of the values; each source is compiled once."""

    def __init__(
        self, pictures: Callable[[Any, float, float], Any] | None = None, *, xml: bool = True
    ) -> None:
        super().__init__(autoescape=xml, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.tests = {name: self.tests[name] for name in _TESTS}
        if pictures:
            self.filters[PICTURE_FILTER] = pictures
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """The compiled template; records after the first find it made."""
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source, *args, **kwargs)
        return self._compiled[source]


def check(pieces: Sequence[Piece], fields: Fields) -> tuple[list[Spot], list[Problem]]:
    """Every field named by a template, and everything that would not work, with places."""
    spots: list[Spot] = []
    problems: list[Problem] = []
    lines: list[str] = []
    walk = _Walk(fields)
    for piece in pieces:
        line, wrong = _readable(piece, fields)
        lines.append("" if wrong else line)
        if wrong:
            problems.append(Problem(piece.place, f"“{piece.text}”{wrong}"))
    try:
        walk.visit(Language().parse("\n".join(lines)), {}, 0)
    except TemplateSyntaxError as error:  # no loop is known then: what is in them is not judged
        piece = pieces[_open_tag(lines, min(error.lineno, len(pieces)) - 1, error)]
        problems.append(Problem(piece.place, f"“{piece.text}”{_in_words(error)}"))
        for number, one in enumerate(pieces):
            if named_by(one.text, fields):
                spots.append(Spot(len(spots), one.place, one.text, one.text, "ok", piece=number))
        return spots, problems
    for number, piece in enumerate(pieces):
        faults = walk.faults.get(number + 1, ())
        problems += [Problem(piece.place, f"“{piece.text}”{fault}") for fault in faults]
        unknown = walk.unknown.get(number + 1)
        simple = _SIMPLE.fullmatch(piece.text)
        unknown = simple.group(1) if unknown and simple else unknown
        if unknown in fields.lists and piece.text.startswith("{%"):
            continue  # {% if 签到 %}: whether it has any line
        if unknown:
            spots.append(replace(_unknown(len(spots), piece, unknown, fields), piece=number))
        elif lines[number] and piece.text.startswith("{{") and number + 1 not in walk.faults:
            spots.append(Spot(len(spots), piece.place, piece.text, piece.text, "ok", piece=number))
    return spots, problems


def _open_tag(lines: Sequence[str], at: int, error: TemplateSyntaxError) -> int:
    """Where the fault is: of an end that is missing, the tag that it belongs to."""
    if "Unexpected end of template" not in str(error.message):
        return at
    still_open: list[int] = []
    for number, line in enumerate(lines):
        word = _STATEMENT.match(line)
        if word and word.group(1) in ("for", "if"):
            still_open.append(number)
        elif word and word.group(1) in ("endfor", "endif") and still_open:
            still_open.pop()
    return still_open[-1] if still_open else at


def _unknown(number: int, piece: Piece, name: str, fields: Fields) -> Spot:
    near = fields.nearest(name)
    if name in fields.lists:
        text = f"“{name}”有许多行，请写出要哪一项，如 {{{{{name}.{_first(fields, name)}}}}}。"
        near = fields.find(f"{name}.{_first(fields, name)}")
    else:
        text = f"没有“{name}”这一项。" + (f"是不是 {near.content}？" if near else "")
    return Spot(
        number, piece.place, piece.text, near.content if near else "", "wrong", text,
        0.6 if near else 0.0,
    )  # fmt: skip


def _first(fields: Fields, name: str) -> str:
    one = [field.name for field in fields.lists[name].fields if not field.fields]
    return one[min(1, len(one) - 1)]


def canonical(text: str, fields: Fields) -> str:
    """A placeholder as jinja takes it: the field's own name, spelled; others as they are."""
    simple = _SIMPLE.fullmatch(text)
    named = fields.find(simple.group(1)) if simple else None
    return f"{{{{{named.expression}}}}}" if named else text


def named_by(text: str, fields: Fields) -> Any:
    """The field that a simple placeholder names, or None."""
    simple = _SIMPLE.fullmatch(text)
    return fields.find(simple.group(1)) if simple else None


def straight(text: str) -> str:
    """Brackets and quotes as jinja knows them; Chinese keyboards give others. Length stays."""
    text = (
        text.replace("｛｛", "{{").replace("｝｝", "}}").replace("｛%", "{%").replace("%｝", "%}")
    )
    return PIECE.sub(lambda m: m.group().translate(_QUOTES), text)


_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def half(text: str) -> str:
    """The bracket that has no partner in this text; empty where all have."""
    found = HALF.search(PIECE.sub("", text))
    return found.group() if found else ""


def _readable(piece: Piece, fields: Fields) -> tuple[str, str]:
    """The piece on one line without docxtpl's own marks, and what is wrong with it by itself."""
    text = " ".join(piece.text.split())
    if text.startswith("{#"):
        return "", ""
    arranging = _ARRANGING.fullmatch(text)
    if arranging:
        return f"{{{{ {arranging.group(2)} }}}}" if arranging.group(2) else "", ""
    simple = _SIMPLE.fullmatch(text)
    if simple and not fields.find(simple.group(1)) and not _plain_name(simple.group(1)):
        return f"{{{{ {spell(simple.group(1))} }}}}", ""
    text = _PREFIX.sub(r"\1", canonical(text, fields))
    if text.startswith("{{"):
        try:
            Language().parse(text)
        except TemplateSyntaxError as error:
            return "", _in_words(error)
    return text, ""


def _plain_name(name: str) -> bool:
    return all(part.strip().isidentifier() for part in name.split("."))


def _in_words(error: TemplateSyntaxError) -> str:
    said = str(error.message)
    if "unknown tag" in said:
        return "是认不得的写法。" if "end" not in said else "没有与它配对的开头。"
    if "Unexpected end of template" in said:
        return "之后缺少配对的结尾（{% endfor %} 或 {% endif %}）。"
    if "No filter named" in said:
        return "用了这里没有的过滤器。"
    return "的写法不对，读不懂。"


class _Walk:
    """Goes through the parsed template with the names that each place knows."""

    def __init__(self, fields: Fields) -> None:
        self.unknown: dict[int, str] = {}
        self.faults: dict[int, list[str]] = {}
        self._plain = {spell(field.name) for field in fields.plain}
        self._lists = {spell(name): one for name, one in fields.lists.items()}

    def visit(self, node: nodes.Node, scope: Mapping[str, Field | None], depth: int) -> None:
        match node:
            case nodes.For():
                self._loop(node, scope, depth)
            case nodes.Getattr():
                self._attribute(node, scope)
            case nodes.Name():
                if node.name not in self._plain and node.name not in scope:
                    self.unknown.setdefault(node.lineno, node.name)
            case nodes.Filter() if node.name not in _NATIVE:
                self._fault(node, f"用了这里没有的过滤器“{node.name}”。")
            case nodes.Filter() | nodes.Test() if _is_list(node.node, self._lists):
                pass  # 签到|length
            case _:
                self._others(node, scope, depth)

    def _others(self, node: nodes.Node, scope: Mapping[str, Field | None], depth: int) -> None:
        if isinstance(node, nodes.Call) and _is_changed(node) and "loop" in scope:
            inside: Iterable[nodes.Node] = node.args
        elif isinstance(node, _ALLOWED):
            inside = node.iter_child_nodes()
        else:
            self._fault(node, "用了表格里不能用的写法；可以用的是字段、for 和 if。")
            return
        for child in inside:
            self.visit(child, scope, depth)

    def _loop(self, node: nodes.For, scope: Mapping[str, Field | None], depth: int) -> None:
        found = self._resolve(node.iter, scope)
        if not isinstance(node.target, nodes.Name) or node.recursive or depth >= _DEEPEST:
            self._fault(node, "重复写得太复杂，请写成 {% for 行 in 签到 %}。")
            return
        if found is None or not found.fields:
            self._fault(node, "只能随列表重复；这里的列表有：" + "、".join(self._lists) + "。")
            return
        inner = {**scope, node.target.name: found, "loop": None}
        if node.test is not None:
            self.visit(node.test, inner, depth)
        for child in (*node.body, *node.else_):
            self.visit(child, inner, depth + 1)

    def _attribute(self, node: nodes.Getattr, scope: Mapping[str, Field | None]) -> None:
        of = node.node.name if isinstance(node.node, nodes.Name) else ""
        if of == "loop" and "loop" in scope:
            if node.attr not in ("index", "index0", "first", "last", "length", "revindex"):
                self._fault(node, "用了这里没有的写法。")
            return
        if node.attr.startswith("_") or not of:
            self._fault(node, "用了表格里不能用的写法。")
            return
        found = self._resolve(node, scope)
        if found is None:
            parent = scope.get(of) or self._lists.get(of)
            self.unknown.setdefault(node.lineno, f"{parent.name if parent else of}.{node.attr}")
        elif found.fields:
            self._fault(node, "是一个列表，要用 {% for %} 逐行写。")

    def _resolve(self, node: nodes.Node, scope: Mapping[str, Field | None]) -> Field | None:
        if isinstance(node, nodes.Name):
            return scope.get(node.name) or self._lists.get(node.name)
        if isinstance(node, nodes.Getattr):
            parent = self._resolve(node.node, scope)
            for field in parent.fields if parent else ():
                if spell(field.name) == node.attr:
                    return field
        return None

    def _fault(self, node: nodes.Node, text: str) -> None:
        self.faults.setdefault(node.lineno, []).append(text)


def _is_changed(node: nodes.Call) -> bool:
    """``loop.changed(材料.考核项)``: whether a group begins."""
    if node.kwargs or node.dyn_args or node.dyn_kwargs or not isinstance(node.node, nodes.Getattr):
        return False
    holder = node.node.node
    return isinstance(holder, nodes.Name) and (holder.name, node.node.attr) == ("loop", "changed")


def _is_list(node: nodes.Node | None, lists: Mapping[str, Field]) -> bool:
    return isinstance(node, nodes.Name) and node.name in lists


def uses_all(pieces: Sequence[Piece], fields: Fields) -> bool:
    """Whether the form is about all records chosen together."""
    return any(
        (named := named_by(piece.text, fields)) is not None and named.list == ALL
        for piece in pieces
    ) or any(re.search(rf"\bin\s+{ALL}\b", piece.text) for piece in pieces)


def refuse(spots: Sequence[Spot], problems: Sequence[Problem]) -> None:
    """Raise ExportError naming the places, where a form cannot be filled."""
    wrong = [f"{one.place}：{one.text}" for one in spots if one.state == "wrong"]
    wrong += [one.sentence for one in problems]
    if wrong:
        more = f"（还有 {len(wrong) - 3} 处）" if len(wrong) > 3 else ""
        raise ExportError(
            "这个表格里有填不了的地方：" + "".join(wrong[:3]) + more,
            "请在“添加本单位的表格”里改好这些字段，或在 Word、WPS 里改好后替换文件。",
        )
