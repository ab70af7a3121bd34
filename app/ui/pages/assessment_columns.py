"""Columns of the result tables: scores, ranks, grades, recognitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.standing.result_table import (
    grade_words,
    points_short,
    points_words,
    rank_words,
    reached_words,
)
from app.ui.framework.tables import Column

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from app.services.standing.result_table import ResultRow, ResultTable
    from app.ui.framework.theme import Theme


_LETTER, _ROOM = 14, 32


def _wide(title: str) -> int:
    """Room for the title of a column, in pixels."""
    return max(130, len(title) * _LETTER + _ROOM)


def columns_of(table: ResultTable, theme: Theme) -> list[Column[ResultRow]]:
    """The columns that a kind of subject needs."""
    columns: list[Column[ResultRow]] = [
        Column("name", table.name, lambda row: row.subject.name, sort_key="name", width=180)
    ]
    names = {one.key: one.name for one in table.scores}
    graded = dict.fromkeys(one.score for one in table.grades)
    for key in graded:  # what ranks and grades are given for comes first, with them
        columns.append(_score_column(key, names[key], theme))
        for grade in table.grades:
            if grade.score == key:
                ranked = getattr(grade.rule, "within", "all") != "all"
                own = _grade_columns(grade.key, grade.name, theme)
                columns += own if ranked else own[1:]
    columns += [_score_column(key, names[key], theme) for key in names if key not in graded]
    for one in table.recognitions:
        columns.append(
            Column(
                f"way/{one.key}", one.name,
                lambda row, key=one.key: reached_words(row.recognised.get(key)),  # type: ignore[misc]
                sort_key=f"way/{one.key}", width=110,
            )
        )  # fmt: skip
    return columns


def _score_column(key: str, name: str, theme: Theme) -> Column[ResultRow]:
    def value(row: ResultRow) -> object:
        result = row.results.get(key)
        return None if result is None or result.points is None else float(result.points)

    def icon(row: ResultRow) -> QIcon | None:
        result = row.results.get(key)
        missing = result is not None and result.points is None
        return theme.icon("circle-question-mark", "warning") if missing else None

    return Column(
        f"score/{key}", name, value, text=lambda row: points_short(row.results.get(key)),
        sort_key=f"score/{key}", align_right=True, width=_wide(name), icon=icon,
        tooltip=lambda row: points_words(row.results.get(key)),
    )  # fmt: skip


def _grade_columns(key: str, name: str, theme: Theme) -> list[Column[ResultRow]]:
    def rank(row: ResultRow) -> object:
        return next((one.rank for one in row.grades.get(key, ()) if one.rank is not None), None)

    def icon(row: ResultRow) -> QIcon | None:
        given = row.grades.get(key, ())
        open_ = any(one.tie and not one.by_hand for one in given)
        return theme.icon("triangle-alert", "warning") if open_ else None

    def within(row: ResultRow) -> str:
        return "、".join(one.within for one in row.grades.get(key, ()))

    return [
        Column(f"within/{key}", "排名范围", within, sort_key=f"within/{key}", width=90),
        Column(
            f"rank/{key}", "名次", rank, text=lambda row: rank_words(row.grades.get(key, ())),
            sort_key=f"rank/{key}", align_right=True, width=70,
        ),
        Column(
            f"grade/{key}", name, lambda row: grade_words(row.grades.get(key, ())),
            sort_key=f"grade/{key}", width=_wide(name), icon=icon,
            tooltip=lambda row: "；".join(one.words for one in row.grades.get(key, ())),
        ),
    ]  # fmt: skip
