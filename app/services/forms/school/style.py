"""What all printed forms of a school have in common."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.documents.tree import PageSetup, TextStyle  # noqa: TC001 -- read at run time with the dataclass
from app.services.forms.measures import STRICT, load


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


def style() -> SchoolStyle:
    """What all forms have in common."""
    return load("school", SchoolStyle)
