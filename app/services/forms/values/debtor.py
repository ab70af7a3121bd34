"""欠交人员: who has to hand in or mend something, for the reminder slips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import NotFoundError
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import long_date
from app.services.standing.views import MissingQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading
    from app.services.standing.records import Finding

FIELDS = (
    Field("姓名"), Field("单位"), Field("项数"), Field("交齐日期", "不写就是尽快"), Field("制单日期"),
    Field("共同体"),
    Field("欠交", "各项", (Field("序号"), Field("内容"), Field("期限", "这一项自己的期限"))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Debt:
    """What a person has to mend, the worst first."""

    name: str
    school: str
    lines: tuple[Finding, ...]


def _debts(reading: Reading) -> dict[str, _Debt]:
    standing = reading.sources.standing
    found = standing.missing(reading.adoption.id, MissingQuery(by="person"))
    homes = standing.homes(reading.adoption.id)
    owed: dict[str, dict[str, Finding]] = {}
    for one in found.findings:
        if one.person_id and not one.ignored:
            owed.setdefault(one.person_id, {}).setdefault(one.key, one)
    names = {group.id: group.name for group in found.groups}
    return {
        person: _Debt(names.get(person, ""), homes.get(person, ""), tuple(lines.values()))
        for person, lines in owed.items()
    }


def _targets(reading: Reading) -> list[Target]:
    return [
        Target(person, debt.name, f"{debt.school}　{len(debt.lines)} 项".strip())
        for person, debt in _debts(reading).items()
    ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    debts = _debts(reading)
    if any(one not in debts for one in ids):
        raise NotFoundError("所选的人现在不欠材料。", "请刷新列表后再选。")
    return [Sheet(_values(reading, debts[one])) for one in ids]


def _values(reading: Reading, debt: _Debt) -> Values:
    return {
        "姓名": debt.name, "单位": debt.school, "项数": str(len(debt.lines)),
        "交齐日期": reading.options.get("by", ""), "制单日期": long_date(reading.now.date()),
        "共同体": reading.adoption.community_name,
        "欠交": [
            {
                "序号": str(number), "期限": long_date(line.due),
                "内容": f"{line.where}：{line.what}" if line.where else line.what,
            }
            for number, line in enumerate(debt.lines, 1)
        ],
    }  # fmt: skip


SUBJECT = Subject(
    "debtor", "欠交材料的人", FIELDS, _targets, _read, "现在没有人欠交材料，不用写催交单。"
)
