"""A scheme being written: a plain dict shaped like the file, so that it may be wrong for a while.

Pydantic's models are whole or not at all; what a clerk is still typing is neither.
"""

from __future__ import annotations

import tomllib
from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from app.errors import ValidationError
from app.services.files import write_whole
from app.services.schemes.describe import PartInfo, part_info
from app.services.schemes.loader import check_raw, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.schemes.describe import FieldInfo
    from app.services.schemes.messages import SchemeError

Raw: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str | int, ...]
"""Way to a value of the draft: ("table", 0, "items", 2, "no")."""

ROOT = "Scheme"
BLANK_ID = "新方案"
_BLANK: Raw = {
    "scheme": {
        "id": BLANK_ID,
        "name": "新方案",
        "format": 1,
        "assesses": "community",
        "year": {
            "terms": [
                {"name": "第一学期", "starts": "09-01"},
                {"name": "第二学期", "starts": "02-15"},
            ]
        },
    },
    "community": {
        "kind": "教研共同体",
        "roles": [
            {"key": "负责人", "name": "负责人", "min": 1, "max": 1},
            {"key": "成员", "name": "成员"},
        ],
    },
}


def blank() -> Raw:
    """The least that is a scheme, to begin from."""
    return deepcopy(_BLANK)


def from_text(text: str) -> Raw:
    """The draft of a scheme file's text; a ValidationError where it is no TOML at all."""
    from app.services.schemes.loader import check

    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError):
        wrong = "；".join(map(str, check(text)))
        raise ValidationError(f"这份方案读不出来：{wrong}。", "请用记事本改正后再打开。") from None
    if isinstance(raw.get("scheme"), dict):  # no field of the window: it could not be mended there
        raw["scheme"].setdefault("format", _BLANK["scheme"]["format"])
    _unfold(raw, part_info(ROOT))
    return raw


def from_file(path: Path) -> Raw:
    """The draft of a scheme file; it may have errors that the editor shows."""
    raw = from_text(read_text(path))
    if not any(part_info(ROOT).field(name) for name in raw):
        raise ValidationError(
            f"“{path.name}”不是方案文件：里面没有方案的内容。",
            "请选用“另存为文件”存出来的方案文件。",
        )
    return raw


def write(draft: Raw) -> str:
    """The draft as the text of a scheme file."""
    import tomli_w

    return tomli_w.dumps(_without_blanks(draft))


def save(draft: Raw, target: Path) -> None:
    """Write the draft as a file to hand on, whole or not at all."""
    write_whole(target, write(draft).encode())


def errors(draft: Raw) -> list[SchemeError]:
    """Everything that is wrong, with its place."""
    return check_raw(_without_blanks(draft))


def get(draft: Raw, path: Place) -> Any:
    """The value at a place; None where there is none."""
    here: Any = draft
    for step in path:
        if isinstance(step, int):
            if not isinstance(here, list) or step >= len(here):
                return None
            here = here[step]
        else:
            if not isinstance(here, dict):
                return None
            here = here.get(step)
    return here


def info_at(draft: Raw, path: Place) -> PartInfo:
    """Description of the part at a place (that of its entries where the place is a list)."""
    info = part_info(ROOT)
    for number, step in enumerate(path):
        value = get(draft, path[: number + 1])
        if isinstance(step, str):
            field = info.field(step)
            if field is None or field.kind not in ("part", "parts", "union"):
                return info
            info = part_info(class_of(field, value))
    return info


def class_of(field: FieldInfo, value: Any) -> str:
    """Class of a field's part; of a union the branch that ``by`` tells."""
    if field.kind != "union":
        return field.part
    by = str(value.get("by") if isinstance(value, dict) else (field.default or {}).get("by"))
    return dict(field.branches).get(by, field.branches[-1][1])


def walk(node: Any, info: PartInfo, path: Place = ()) -> Iterator[tuple[Place, PartInfo, Raw]]:
    """Every part of a draft with its place and description."""
    if not isinstance(node, dict):
        return
    yield path, info, node
    for field in info.fields:
        value = node.get(field.name)
        if field.kind in ("part", "union") and value is not None:
            yield from walk(value, part_info(class_of(field, value)), (*path, field.name))
        elif field.kind == "parts" and isinstance(value, list):
            for number, one in enumerate(value):
                yield from walk(one, part_info(field.part), (*path, field.name, number))


def parts_of(draft: Raw) -> Iterator[tuple[Place, PartInfo, Raw]]:
    """Every part of a whole draft."""
    return walk(draft, part_info(ROOT))


def _unfold(node: Any, info: PartInfo) -> None:
    """One way of writing for each thing: lists where a single word may stand for them."""
    if not isinstance(node, dict):
        return
    for field in info.fields:
        value = node.get(field.name)
        if field.kind == "parts" and isinstance(value, list):
            inner = part_info(field.part)
            value[:] = [
                {inner.from_text: one} if inner.from_text and isinstance(one, str) else one
                for one in value
            ]
            for one in value:
                _unfold(one, inner)
        elif field.kind in ("part", "union") and isinstance(value, dict):
            _unfold(value, part_info(class_of(field, value)))
        elif field.kind in ("words", "refs", "days") and isinstance(value, str):
            node[field.name] = [value]


def _without_blanks(value: Any) -> Any:
    """A copy without ``None``: an emptied field is one that is not written."""
    if isinstance(value, dict):
        return {key: _without_blanks(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_blanks(one) for one in value]
    return value
