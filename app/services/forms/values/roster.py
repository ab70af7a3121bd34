"""花名册: everybody who belongs to the community in the year (formats.md §5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.entry.values import mask
from app.services.forms.form import Field, Sheet, Subject, flag, text
from app.services.forms.values import person
from app.services.forms.values.facts import long_date
from app.services.forms.values.period import YEAR, spans, wanted_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Target
    from app.services.forms.reading import Reading

PRIVATE = ("身份证号", "联系电话")
"""Masked unless the whole number is asked for (formats.md §6.1)."""
_MEMBER = tuple(one for one in person.FIELDS if not one.fields)
FIELDS = (
    Field("共同体"), Field("时段"), Field("人数"), Field("填表日期"),
    Field("成员", "各人", (Field("序号"), *_MEMBER)),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    from app.services.forms.form import Target

    with reading.uow.read() as session:
        year = spans(session, reading)[0]
    number = len(person.SUBJECT.targets(reading))
    return [Target(YEAR, year.name, f"{number} 人", year.first)] if number else []


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        found = wanted_spans(session, reading, ids)
    whole = flag(reading.options, "whole")
    people = [one.id for one in person.SUBJECT.targets(reading)]
    members = [
        {
            **sheet.values, "序号": str(number),
            **{name: _shown(text(sheet.values, name), whole=whole) for name in PRIVATE},
        }
        for number, sheet in enumerate(person.SUBJECT.read(reading, people), 1)
    ]  # fmt: skip
    return [
        Sheet({
            "共同体": reading.adoption.community_name, "时段": span.name,
            "人数": str(len(members)), "填表日期": long_date(reading.now.date()), "成员": members,
        })
        for span in found
    ]  # fmt: skip


def _shown(number: str, *, whole: bool) -> str:
    return number if whole else mask(number)


SUBJECT = Subject(
    "roster", "成员花名册", FIELDS, _targets, _read, "这一学年还没有成员。请先在“成员”里登记。"
)
