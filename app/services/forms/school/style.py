"""What all printed forms of a school have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import PageSetup, TextStyle  # noqa: TC001 -- read at run time with the dataclass
from app.services.forms.measures import STRICT, load

if TYPE_CHECKING:
    from app.services.forms.form import Values


@dataclass(frozen=True, slots=True)
class SchoolStyle:
    """resources/forms/school.toml: what all forms of a school have in common."""

    __pydantic_config__ = STRICT

    page: PageSetup
    label_width: float
    row_height: float
    outer: float
    inner: float
    padding_x: float
    padding_y: float
    title_after: float
    heads_after: float
    sign_before: float
    sign_least: float
    """Length that a line to sign on has at least."""
    note_before: float
    spare: float
    """Height kept free below, for the differences between writers and fonts."""
    title: TextStyle
    head: TextStyle
    label: TextStyle
    value: TextStyle
    long: TextStyle
    caption: TextStyle
    sign: TextStyle
    note: TextStyle
    least_title: float
    """Size to which the type of a long title goes down."""

    @property
    def width(self) -> float:
        """Of the text."""
        return self.page.width - self.page.left - self.page.right


def style() -> SchoolStyle:
    """What all forms have in common."""
    return load("school", SchoolStyle)


def pattern(words: str, values: Values) -> str:
    """A pattern with its fields in; a field that has no words leaves its place empty."""
    try:
        return words.format_map(_Words(values))
    except (ValueError, IndexError, AttributeError, KeyError) as error:
        raise ValidationError(
            f"表单尺寸文件里“{words}”写法有误。", "花括号里请写字段的名称，如 {活动主题}。"
        ) from error


class _Words(dict[str, str]):
    """Fields of a pattern; one that is unknown or no text is empty."""

    def __init__(self, values: Values) -> None:
        super().__init__({name: one for name, one in values.items() if isinstance(one, str)})

    def __missing__(self, name: str) -> str:
        return ""
