"""Certificates: made in batches with numbers that are never given twice, withdrawn, listed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.errors import NotFoundError, ValidationError
from app.models import (
    Activity,
    Appointment,
    Attendance,
    Certificate,
    Community,
    Entry,
    Person,
    SchemeAdoption,
    School,
)
from app.services.adoption import parsed, period_words
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

PATTERN = "{年度}证字第{号:3}号"
"""Usual way of numbering; 年度 is the year of the day on which they are given."""
SERIAL = "号"
WORDS = ("姓名", "单位", "称号", "活动", "共同体", "学年", "年度", "日期")
"""What may stand in braces in the text of a certificate."""
_IN_NUMBER = ("年度", "学年")
_FIELD = re.compile(r"\{([^{}:]*)(?::(\d*))?\}")
_MOST_DIGITS = 8
_LONGEST_BODY = 500


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is to get one."""

    name: str
    school: str = ""
    person_id: str | None = None
    roles: str = ""
    """In words, for the list."""


@dataclass(frozen=True, slots=True)
class Order:
    """A batch: who gets what, from whom, when, and how it is numbered."""

    adoption_id: str
    recipients: tuple[Recipient, ...]
    kind: str
    """荣誉证书、结业证书、聘书…"""
    body: str
    title: str = ""
    """称号, e.g. 优秀学员."""
    issuer: str = ""
    awarded_on: date | None = None
    pattern: str = PATTERN
    activity_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A line of the register."""

    id: str
    number: str
    name: str
    school: str
    kind: str
    body: str
    issuer: str
    awarded_on: date | None
    activity: str = ""
    withdrawn_on: date | None = None
    note: str = ""
    """Why it was withdrawn, or a remark."""


class Certificates:
    """Certificates of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    # -- whom --------------------------------------------------------------------------------

    def roles(self, adoption_id: str) -> tuple[tuple[str, str], ...]:
        """Roles by which people can be chosen: key and name."""
        with self._uow.read() as session:
            scheme = parsed(_adoption(session, adoption_id).source_text)
            return tuple((role.key, role.name) for role in scheme.community.roles)

    def activities(self, adoption_id: str) -> tuple[tuple[str, str], ...]:
        """Activities of the year, the newest first: id, and name with its day."""
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            year = adoption.school_year
            rows = session.execute(
                select(Activity.id, Activity.title, Activity.held_on)
                .where(
                    Activity.community_id.in_(_communities(adoption)),
                    Activity.held_on.between(year.starts_on, year.ends_on),
                )
                .order_by(Activity.held_on.desc(), Activity.id.desc())
            )
            return tuple((row.id, f"{row.held_on}　{row.title}") for row in rows)

    def people(
        self, adoption_id: str, *, role: str = "", activity_id: str = ""
    ) -> tuple[Recipient, ...]:
        """Members of the year; of one role, or those who were present at an activity."""
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            names = {one.key: one.name for one in parsed(adoption.source_text).community.roles}
            held: dict[str, dict[str, None]] = {}
            for row in session.execute(_appointed(adoption)):
                held.setdefault(row.person_id, {})[row.role] = None
            query = select(Person.id, Person.name, School.name.label("school")).outerjoin(
                School, School.id == Person.school_id
            )
            if activity_id:
                present = select(Attendance.person_id).where(
                    Attendance.activity_id == activity_id, Attendance.status == "present"
                )
                query = query.where(Person.id.in_(present))
            else:
                wanted = select(_appointed(adoption).subquery().c.person_id)
                query = query.where(Person.id.in_(wanted))
            return tuple(
                Recipient(
                    row.name, row.school or "", row.id,
                    "、".join(names.get(one, one) for one in held.get(row.id, ())),
                )
                for row in session.execute(query.order_by(School.name, Person.name, Person.id))
                if not role or role in held.get(row.id, ())
            )  # fmt: skip

    # -- making ------------------------------------------------------------------------------

    def preview(self, order: Order) -> tuple[CertificateView, ...]:
        """The certificates as they would be made now, numbers too; raises ValidationError."""
        with self._uow.read() as session:
            return tuple(
                CertificateView(
                    "", row["number"], row["name"], row["school"], row["kind"], row["body"],
                    row["issuer"], row["awarded_on"], note=row["note"],
                )
                for row in _rows(session, order)
            )  # fmt: skip

    def give(self, order: Order) -> tuple[str, ...]:
        """Make the certificates as one step; gives their ids. Raises ValidationError."""
        with self._uow.write(f"颁发{order.kind.strip()} {len(order.recipients)} 份") as session:
            rows = _rows(session, order)
            insert_many(session, Certificate, rows)
            numbers = [row["number"] for row in rows]
            made = session.execute(
                select(Certificate.number, Certificate.id).where(Certificate.number.in_(numbers))
            )
            ids = {number: id_ for number, id_ in made}  # noqa: C416 -- rows are no pairs to mypy
        return tuple(ids[number] for number in numbers)

    def withdraw(self, ids: Sequence[str], reason: str) -> None:
        """Withdraw certificates for a reason, as one step; their numbers are not given again."""
        why = " ".join(reason.split())
        if not why:
            raise ValidationError("作废证书要写明原因。", "例如：姓名写错，另发新证。")
        today = self._uow.context.clock().date()
        with self._uow.write(f"作废证书 {len(ids)} 份") as session:
            rows = session.scalars(select(Certificate).where(Certificate.id.in_(ids))).all()
            if len(rows) != len(set(ids)):
                raise NotFoundError("找不到这份证书。", "它可能已被撤销，请刷新后再试。")
            for row in rows:
                if row.withdrawn_on is None:
                    row.withdrawn_on, row.note = today, why

    def all(self, adoption_id: str) -> tuple[CertificateView, ...]:
        """The register of the year, in the order of the numbers; withdrawn ones too."""
        with self._uow.read() as session:
            rows = session.execute(
                select(Certificate, Activity.title)
                .outerjoin(Activity, Activity.id == Certificate.activity_id)
                .where(Certificate.adoption_id == adoption_id)
                .order_by(Certificate.series, Certificate.serial)
            )
            return tuple(view_of(one, title or "") for one, title in rows)


def view_of(one: Certificate, activity: str) -> CertificateView:
    """A row as it is shown, with the name of its activity."""
    return CertificateView(
        one.id, one.number, one.name, one.school, one.kind, one.body, one.issuer, one.awarded_on,
        activity, one.withdrawn_on, one.note,
    )  # fmt: skip


def check_pattern(pattern: str) -> None:
    """Raises ValidationError that says what is wrong with a way of numbering."""
    found = _FIELD.findall(pattern)
    names = [name for name, _digits in found]
    if "{" in (rest := _FIELD.sub("", pattern)) or "}" in rest:
        why = "花括号没有成对"
    elif names.count(SERIAL) != 1:
        why = "{号} 要有一个，也只能有一个"
    elif unknown := [name for name in names if name not in (SERIAL, *_IN_NUMBER)]:
        why = f"没有“{unknown[0]}”这一栏"
    elif any(digits and not 1 <= int(digits) <= _MOST_DIGITS for _name, digits in found):
        why = f"位数是 1 到 {_MOST_DIGITS}"
    else:
        return
    raise ValidationError(f"证书编号的写法“{pattern}”不对：{why}。", f"例如：{PATTERN}。")


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    found = session.get(SchemeAdoption, adoption_id)
    if found is None:
        raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
    return found


def _communities(adoption: SchemeAdoption) -> Select[str]:
    root = adoption.community_id
    return select(Community.id).where(or_(Community.id == root, Community.parent_id == root))


def _appointed(adoption: SchemeAdoption) -> Select[str, str]:
    year = adoption.school_year
    return (
        select(Appointment.person_id, Appointment.role)
        .where(
            Appointment.community_id.in_(_communities(adoption)),
            or_(Appointment.starts_on.is_(None), Appointment.starts_on <= year.ends_on),
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= year.starts_on),
        )
        .order_by(Appointment.ordinal, Appointment.id)
    )


def _rows(session: Session, order: Order) -> list[dict[str, Any]]:
    """The batch as rows, numbered; raises ValidationError where something is not said."""
    _check(order)
    adoption = _adoption(session, order.adoption_id)
    year, day = adoption.school_year, order.awarded_on
    activity = session.get(Activity, order.activity_id) if order.activity_id else None
    words = {
        "称号": order.title.strip(),
        "活动": activity.title if activity else "",
        "共同体": adoption.community.name,
        "学年": period_words(year.starts_on, year.ends_on),
        "年度": str(day.year if day else year.year),
        "日期": f"{day.year}年{day.month}月{day.day}日" if day else "",
    }
    for name in dict.fromkeys(name for name, _digits in _FIELD.findall(order.body)):
        if name not in ("姓名", "单位") and not words[name]:
            raise ValidationError(
                f"正文里写了 {{{name}}}，却没有填{name}。", "请补上，或者改正文。"
            )
    rows: list[dict[str, Any]] = []
    series = _fill(order.pattern, {**words, SERIAL: "*"})
    serials = _Serials(session, series)
    for one in order.recipients:
        serial, number = serials.next(order.pattern, words)
        rows.append({
            "adoption_id": order.adoption_id, "series": series, "serial": serial, "number": number,
            "person_id": one.person_id, "activity_id": order.activity_id, "name": one.name,
            "school": one.school, "kind": order.kind.strip(),
            "body": _fill(order.body.strip(), {**words, "姓名": one.name, "单位": one.school}),
            "issuer": order.issuer.strip(), "awarded_on": day, "withdrawn_on": None,
            "note": order.note.strip(),
        })  # fmt: skip
    return rows


class _Serials:
    """Gives the numbers of a series: each once, those of withdrawn or undone certificates too."""

    def __init__(self, session: Session, series: str) -> None:
        used = [
            (row.series, row.serial, row.number)
            for row in session.execute(
                select(Certificate.series, Certificate.serial, Certificate.number)
            )
        ]
        undone = session.scalars(
            select(Entry.before).where(Entry.kind == "certificate", Entry.op == "delete")
        )
        for text in undone:
            before = json.loads(text or "{}")
            used.append((before["series"], before["serial"], before["number"]))
        self._numbers = {number for _series, _serial, number in used}
        self._last = max((serial for own, serial, _number in used if own == series), default=0)

    def next(self, pattern: str, words: Mapping[str, str]) -> tuple[int, str]:
        """The next serial with its number."""
        while True:
            self._last += 1
            number = _fill(pattern, {**words, SERIAL: str(self._last)})
            if number not in self._numbers:
                return self._last, number


def _check(order: Order) -> None:
    check_pattern(order.pattern)
    if not order.recipients:
        raise ValidationError("还没有选人。", "请选择要发证书的人。")
    if not order.kind.strip():
        raise ValidationError("请写证书的种类。", "例如：荣誉证书、结业证书、聘书。")
    if not order.body.strip() or len(order.body) > _LONGEST_BODY:
        raise ValidationError(f"请写证书的正文，不超过 {_LONGEST_BODY} 字。")
    rest = _FIELD.sub("", order.body)
    unknown = [name for name, _digits in _FIELD.findall(order.body) if name not in WORDS]
    if unknown or "{" in rest or "}" in rest:
        wrong = f"没有“{unknown[0]}”这一栏" if unknown else "花括号没有成对"
        usable = "、".join(f"{{{one}}}" for one in WORDS)
        raise ValidationError(f"正文的写法不对：{wrong}。", f"花括号里只能用 {usable}。")


def _fill(pattern: str, words: Mapping[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        text = words[found[1]]
        return text.zfill(int(found[2])) if found[2] and text.isdigit() else text

    return _FIELD.sub(put, pattern)
