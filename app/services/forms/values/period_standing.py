"""What the standing says of a stretch of time: quotas reached, points of the whole year."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.forms.form import Field
from app.services.standing.figures import shown

if TYPE_CHECKING:
    from app.services.forms.form import Value, Values
    from app.services.forms.reading import Reading
    from app.services.forms.values.period import Span
    from app.services.standing.records import QuotaLine

QUOTAS = (Field("任务"), Field("时段"), Field("要求"), Field("完成"), Field("情况"))
_WHOSE = {"person": "人", "unit": "校", "community": "个", "group": "组", "pair": "对"}


def standing(reading: Reading, span: Span) -> dict[str, Value]:
    """Quotas as far as they were reached; of a whole year also what the table of points says."""
    sources, adoption = reading.sources, reading.adoption
    together: dict[tuple[str, str], list[QuotaLine]] = {}
    for line in sources.standing.progress(adoption.id).lines:
        if line.span.starts <= span.last and line.span.ends >= span.first:
            together.setdefault((line.name, line.span.name), []).append(line)
    found: dict[str, Value] = {
        "任务": [_quota(name, period, own) for (name, period), own in together.items()],
        "考核自评": "",
    }
    if not span.term and sources.standing.subjects(adoption.id):
        found["考核自评"] = _score(reading)
    return found


def _quota(name: str, period: str, own: list[QuotaLine]) -> Values:
    wanted = {line.required for line in own if line.required is not None}
    each = f"{shown(min(wanted))}{own[0].unit}" if len(wanted) == 1 else ""
    if len(own) == 1:
        done, said = f"{shown(own[0].done)}{own[0].unit}", own[0].words
    else:
        reached = sum(line.status == "reached" for line in own)
        whole = sum((line.done for line in own), Decimal(0))
        done, said = f"{shown(whole)}{own[0].unit}", f"{reached}/{len(own)} 完成"
        each = f"每{_WHOSE.get(own[0].subject.kind, '个')}{each}" if each else ""
    return {"任务": name, "时段": period, "要求": each, "完成": done, "情况": said}


def _score(reading: Reading) -> str:
    from app.services.standing.report import highest

    table = reading.sources.standing.table(reading.adoption.id)
    most = highest(table)
    of = "" if most is None else f"，满分{shown(most)}分"
    rest = f"；还缺{len(table.lacking)}项事实，合计未定" if table.lacking else ""
    return f"{'已知' if table.lacking else '合计'}{shown(table.points)}分{of}{rest}"
