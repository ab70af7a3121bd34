"""Certificates as forms and templates see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Activity, Certificate
from app.services.certificates import view_of
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import in_order, long_date, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.certificates import CertificateView
    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

PRINTED = "certificates"
"""The form that is handed out: withdrawn ones are not among its targets."""
FIELDS = (
    Field("证书编号", aliases=("编号", "证书号")), Field("姓名"), Field("单位"),
    Field("证书种类", aliases=("种类", "证书名称")), Field("正文"),
    Field("颁发单位", aliases=("发证单位", "落款")), Field("颁发日期", aliases=("发证日期", "日期")),
    Field("活动"), Field("状态", "作废的写“已作废”"), Field("备注"), Field("共同体"), Field("学年"),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    query = (
        select(Certificate)
        .where(Certificate.adoption_id == reading.adoption.id)
        .order_by(Certificate.series, Certificate.serial)
    )
    if reading.form == PRINTED:
        query = query.where(Certificate.withdrawn_on.is_(None))
    with reading.uow.read() as session:
        return [
            Target(
                one.id, one.name,
                f"{'已作废　' if one.withdrawn_on else ''}{one.number}　{one.kind}", one.awarded_on,
            )
            for one in session.scalars(query)
        ]  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    about: Values = {"共同体": reading.adoption.community_name, "学年": reading.adoption.period}
    query = select(Certificate, Activity.title).outerjoin(
        Activity, Activity.id == Certificate.activity_id
    )
    with reading.uow.read() as session:
        found = {
            one.id: Sheet({**about, **values_of(view_of(one, title or ""))})
            for one, title in rows_of(session, query, Certificate.id.expression, ids)
        }
    return in_order(found, ids, "证书")


def values_of(one: CertificateView) -> Values:
    """What is printed of a certificate."""
    return {
        "证书编号": one.number, "姓名": one.name, "单位": one.school, "证书种类": one.kind,
        "正文": one.body, "颁发单位": one.issuer, "颁发日期": long_date(one.awarded_on),
        "活动": one.activity, "备注": one.note,
        "状态": f"已作废（{long_date(one.withdrawn_on)}）" if one.withdrawn_on else "",
    }  # fmt: skip


SUBJECT = Subject(
    "certificate", "证书", FIELDS, _targets, _read,
    "这一学年还没有发过证书。请先在“文件”页点“发证书…”，选人、写正文、编号。",
)  # fmt: skip
