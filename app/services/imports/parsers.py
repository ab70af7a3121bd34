"""Which parser reads the cells of a field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.services.imports import dates, lesson_values, moments, names, values
from app.services.imports.kinds import header_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from app.services.imports.reading import Cell


_PLAIN: dict[str, Callable[[Cell], tuple[Any, str]]] = {
    "name": values.person_name,
    "text": values.plain_text,
    "line": values.line,
    "headline": values.line,
    "theme": values.line,
    "long": values.long_text,
    "phone": values.phone,
    "id_number": values.id_number,
    "sex": values.sex,
    "ethnic_group": values.ethnic_group,
    "education": values.education,
    "title": values.title,
    "subjects": values.subjects,
    "subject": values.one_subject,
    "school_name": values.school_name,
    "school_kind": values.school_kind,
    "stage": values.stage,
    "lesson_kind": values.lesson_kind,
    "period": lesson_values.period,
    "class_name": lesson_values.class_name,
    "score": lesson_values.score,
    "hours": lesson_values.hours,
    "names": names.names,
    "one_name": names.one_name,
    "schools": names.schools,
    "clock": moments.clock,
}


def parser(
    value: str,
    label: str,
    cells: Iterable[Cell],
    *,
    date1904: bool = False,
    first_day: dt.date | None = None,
) -> Callable[[Cell], tuple[Any, str]]:
    """The parser for a kind of value in a column of that header, which the other cells help to read."""
    if value in _PLAIN:
        return _PLAIN[value]
    told = dates.DateColumn(
        months_only=header_word(label).endswith("年月"),
        padded=dates.is_padded(cells),
        date1904=date1904,
        first_day=first_day,
    )
    if value == "span":
        return partial(moments.span, column=told)
    return partial(dates.date, column=told)
