"""From what is typed or pasted to the value that is kept, and back to what is shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from app.services.imports.values import BadValueError, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.entry.fields import Field, Scope
    from app.services.entry.vocabulary import Choices

_SHORT_DAY = re.compile(r"(\d{1,2})(?:[-./月](\d{1,2})日?|)")
_RUN_DAY = re.compile(r"(\d{2})(\d{2})")
_TIME = re.compile(r"(上午|下午|晚上|中午)?(\d{1,2})(?:[:：.点时](\d{1,2}|半)?分?)?")
_RUN_TIME = re.compile(r"(\d{1,2})(\d{2})")
_NAMED_DAYS = {"今天": 0, "昨天": -1, "前天": -2, "明天": 1, "后天": 2}
_SEPARATORS = re.compile(r"[、,，;；/\s]+")
_YES = {"是", "有", "对", "√", "✓", "1", "true", "y", "yes"}
_NO = {"", "否", "无", "没有", "×", "0", "false", "n", "no"}


def read(field: Field, typed: Any, scope: Scope, words: Choices = ()) -> Any:
    """The value to keep. Raises BadValueError with a sentence for the clerk.

    References by name are resolved by the caller, who has the database.
    """
    if typed is None:
        typed = ""
    match field.kind:
        case "date":
            value: Any = _day(typed, scope)
        case "partial-date":
            value = _partial(typed, scope)
        case "time":
            value = _clock(typed)
        case "int" | "number":
            value = _figure(field, typed)
        case "bool":
            value = _truth(typed)
        case "words":
            value = _several(field, typed, words)
        case "choice":
            value = _chosen(field, typed, words)
        case _:
            value = _text(field, typed, words)
    if field.required and value in (None, "", ()):
        raise BadValueError(f"请填写{field.label}。")
    return value


def _text(field: Field, typed: Any, words: Choices) -> str:
    if field.reader is not None:
        value, remark = field.reader(typed if isinstance(typed, str) else str(typed))
        if remark and not value and str(typed).strip():
            raise BadValueError(f"{remark}。")
        return str(value)
    if field.kind == "long":
        text = unicodedata.normalize("NFC", str(typed).replace("\r\n", "\n").replace("\r", "\n"))
        text = "".join(
            c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
        )
    else:
        text = " ".join(unicodedata.normalize("NFC", clean(typed)).split())
    if len(text) > field.most:
        raise BadValueError(f"最多 {field.most} 个字，现在有 {len(text)} 个字，请缩短。")
    return next((key for key, shown in words if shown == text), text)


def _chosen(field: Field, typed: Any, words: Choices) -> str:
    text = clean(typed)
    for key, shown in words:
        if text in (key, shown):
            return key
    if not text:
        return ""
    offered = "、".join(shown for _key, shown in words)
    raise BadValueError(f"{field.label}里没有“{text}”，可以填：{offered}。")


def _several(field: Field, typed: Any, words: Choices) -> tuple[str, ...]:
    if field.reader is not None:
        return tuple(field.reader("、".join(typed) if isinstance(typed, tuple) else str(typed))[0])
    parts = typed if isinstance(typed, tuple) else _SEPARATORS.split(clean(typed))
    keys = {shown: key for key, shown in words}
    found = tuple(dict.fromkeys(keys.get(part, part) for part in map(clean, parts) if part))
    if any(len(part) > field.most for part in found):
        raise BadValueError("太长了，请用、把每一项隔开。")
    return found


def _figure(field: Field, typed: Any) -> int | float | None:
    text = unicodedata.normalize("NFKC", clean(typed)).replace(",", "")
    if not text:
        return 0 if field.kind == "int" and field.least == 0 and field.required else None
    try:
        value = float(text.removesuffix(field.unit) if field.unit else text)
    except ValueError:
        raise BadValueError(f"“{text}”不是数字。") from None
    if field.kind == "int" and not value.is_integer():
        raise BadValueError(f"{field.label}要填整数。")
    if not field.least <= value <= field.most:
        raise BadValueError(f"{field.label}应在 {field.least} 到 {field.most} 之间。")
    return int(value) if field.kind == "int" else value


def _truth(typed: Any) -> bool:
    if isinstance(typed, bool):
        return typed
    text = clean(typed).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise BadValueError(f"“{text}”看不懂，请填“是”或“否”。")


def _day(typed: Any, scope: Scope) -> date | None:
    if isinstance(typed, date):  # a moment (a copied cell, a widget) means its day
        typed = typed.isoformat()[:10]
    text = unicodedata.normalize("NFKC", clean(typed))
    # Four digits are a day here; where a year may stand alone, they are a year.
    run = _RUN_DAY.fullmatch(text)
    whole = _partial(f"{run.group(1)}.{run.group(2)}" if run else text, scope)
    if not whole:
        return None
    if len(whole) != len("2025-09-01"):
        raise BadValueError(f"“{typed}”不完整，请写明年月日，例如 {scope.today}。")
    return date.fromisoformat(whole)


def _partial(typed: Any, scope: Scope) -> str:
    """ISO text; of a day without its year the one within the school year is meant."""
    from app.services.imports.dates import date as parse

    text = unicodedata.normalize("NFKC", clean(typed)).replace(" ", "")
    if text in _NAMED_DAYS:
        return (scope.today + timedelta(days=_NAMED_DAYS[text])).isoformat()
    short = _SHORT_DAY.fullmatch(text)
    if short and short.group(2):
        month, day = int(short.group(1)), int(short.group(2))
        for year in (scope.year_starts.year, scope.year_ends.year):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if scope.year_starts <= found <= scope.year_ends:
                return found.isoformat()
        raise BadValueError(f"没有 {month} 月 {day} 日这一天，请检查。")
    return parse(text)[0]


def _clock(typed: Any) -> time | None:
    if isinstance(typed, time):
        return typed.replace(tzinfo=None)
    text = unicodedata.normalize("NFKC", clean(typed)).replace(" ", "")
    if not text:
        return None
    found = _TIME.fullmatch(text)
    half, hour, minute = found.groups() if found else (None, "", None)
    if found is None or (len(hour) > 2):
        run = _RUN_TIME.fullmatch(text)
        hour, minute = run.groups() if run else ("99", "99")
    hours, minutes = int(hour), 30 if minute == "半" else int(minute or 0)
    if half in ("下午", "晚上") and hours < 12:
        hours += 12
    if hours > 23 or minutes > 59:
        raise BadValueError(f"“{text}”不是时间，请写成 8:30 这样。")
    return time(hours, minutes)


def shown(  # noqa: PLR0911 - one for each kind of value
    field: Field, value: Any, names: Mapping[str, str], words: Choices = ()
) -> str:
    """How a value is written in lists and forms; ``names`` are those of the records it points to."""
    if value in (None, "", ()):
        return ""
    match field.kind:
        case "ref":
            return names.get(value, "")
        case "time":
            return f"{value:%H:%M}"
        case "bool":
            return "是" if value else ""
        case "words":
            said = dict(words)
            parts = value.split("、") if isinstance(value, str) else value
            return "、".join(dict.fromkeys(said.get(part, part) for part in parts))
        case "number":
            return f"{value:g}"
        case "choice" | "suggest":
            return dict(words).get(value, str(value))
    return str(value)


def mask(number: str) -> str:
    """A private number with its middle hidden."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else number
