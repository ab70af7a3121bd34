"""Forms printed to be filled in by hand: only their heads are printed, or nothing of any record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.form import Option

if TYPE_CHECKING:
    from app.services.forms.form import Form, Options

_KEY = "blank"
_FILLED = ("", "填好的")
HEAD_ONLY = ("head", "只印表头，其余手写")
ALL_BLANK = ("all", "全空白，一张")


def by_hand(*ways: tuple[str, str]) -> Option:
    """The choice between a form that is filled in and those ways of an empty one."""
    return Option(_KEY, "填写", choices=(_FILLED, *ways), words="空白表留给手写")


BLANK = by_hand(HEAD_ONLY, ALL_BLANK)


def head_only(options: Options) -> bool:
    """Whether only what stands in the head is printed."""
    return options.get(_KEY) == HEAD_ONLY[0]


def all_blank(options: Options) -> bool:
    """Whether it is about nobody, so that no record is needed."""
    return options.get(_KEY) == ALL_BLANK[0]


def for_pen(options: Options) -> bool:
    """Whether some or all of it is left to the pen."""
    return bool(options.get(_KEY))


def can_be_blank(form: Form) -> bool:
    """Whether a form offers to be printed about nobody."""
    return any(one.key == _KEY and ALL_BLANK in one.choices for one in form.options)
