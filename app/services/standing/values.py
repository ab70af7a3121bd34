"""Whether a scheme asks for a value from outside, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from app.services.schemes.assessment import Grade, Input
    from app.services.schemes.schema import Scheme
    from app.services.standing.entered import ValueKind
    from app.services.standing.roster import Subject

Value = float | Decimal | str | None

_OF = {
    "community": "共同体", "unit": "单位", "group": "小组", "person": "个人", "pair": "结对",
    "activity": "活动", "lesson": "课",
}  # fmt: skip
_MOST_YEARS_BACK = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that may be kept: what it is called, and its figure or word."""

    name: str
    number: float | None = None
    word: str = ""


def checked(
    scheme: Scheme,
    kind: ValueKind,
    key: str,
    subject: Subject | None,
    value: Value,
    *,
    term: int | None = None,
    years_back: int = 0,
) -> Checked:
    """The value as it is kept; raises ValidationError with what the scheme wants instead."""
    if not 0 <= years_back <= _MOST_YEARS_BACK:
        raise ValidationError("往年的年数不对。", f"请填 0 到 {_MOST_YEARS_BACK} 之间的整数。")
    if kind == "input":
        return _input(scheme, key, subject, value, term)
    if term is not None:
        raise ValidationError("这一项不分学期填写。")
    if kind == "deduction":
        return _deduction(scheme, key, subject, value)
    if kind == "figure":
        return _figure(scheme, key, value)
    return _grade(scheme, key, subject, value)


def _input(
    scheme: Scheme, key: str, subject: Subject | None, value: Value, term: int | None
) -> Checked:
    found = next((one for one in scheme.input if one.key == key), None)
    if found is None:
        raise _unknown("录入成绩", key)
    _of(found.name, found.of, subject)
    terms = len(scheme.scheme.year.terms)
    if found.per == "term" and (term is None or not 1 <= term <= max(terms, 1)):
        raise ValidationError(f"“{found.name}”要分学期填写。", "请选择学期。")
    if found.per == "year" and term is not None:
        raise ValidationError(f"“{found.name}”每年填写一次，不分学期。")
    if value is None:
        return Checked(found.name)
    number = _number(found.name, value)
    _check_input(found, number)
    return Checked(found.name, float(number))


def _check_input(asked: Input, number: Decimal) -> None:
    if asked.kind == "rank":
        if number < 1 or number != number.to_integral_value():
            raise ValidationError(f"“{asked.name}”是名次。", "请填 1 或更大的整数。")
    elif number < 0 or (asked.full is not None and number > asked.full):
        said = f"请填 0 到 {asked.full:f} 之间的数。" if asked.full else "请填不小于 0 的数。"
        raise ValidationError(f"“{asked.name}”的分数不对。", said)


def _deduction(scheme: Scheme, key: str, subject: Subject | None, value: Value) -> Checked:
    no, _, name = key.partition("/")
    items = [item for group in scheme.table for item in group.items if item.no == no]
    found = next((one for item in items for one in item.deductions if one.name == name), None)
    if found is None:
        raise _unknown("扣分项", key)
    if found.counted is not None:
        raise ValidationError(f"“{name}”由档案自动计数。", "请改正有关的记录，不用填写。")
    _of(name, scheme.scheme.assesses, subject)
    if value is None:
        return Checked(name)
    number = _number(name, value)
    if number < 0 or number != number.to_integral_value():
        raise ValidationError(f"“{name}”填的是次数。", "请填 0 或更大的整数。")
    return Checked(name, float(number))


def _figure(scheme: Scheme, key: str, value: Value) -> Checked:
    found = next((one for one in scheme.figure if one.key == key), None)
    if found is None:
        raise _unknown("达标数据", key)
    if value is None:
        return Checked(found.name)
    return Checked(found.name, float(_number(found.name, value)))


def _grade(scheme: Scheme, key: str, subject: Subject | None, value: Value) -> Checked:
    found = next((one for one in scheme.grade if one.key == key), None)
    if found is None:
        raise _unknown("等次", key)
    _of(found.name, _graded(scheme, found), subject)
    if value is None:
        return Checked(found.name)
    if value not in found.names:
        raise ValidationError(
            f"“{found.name}”里没有“{value}”这个等次。", f"可以填：{'、'.join(found.names)}。"
        )
    return Checked(found.name, word=str(value))


def _graded(scheme: Scheme, grade: Grade) -> str:
    return next(kind_of(one.who) for one in scheme.score if one.key == grade.score)


def _of(name: str, wanted: str, subject: Subject | None) -> None:
    """A community's value may also be asked of the one that adopted the scheme."""
    given = "community" if subject is None else subject.kind
    if given != wanted:
        raise ValidationError(f"“{name}”是{_OF[wanted]}的，不是{_OF[given]}的。", "请重新选择。")


def _number(name: str, value: float | Decimal | str) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValidationError(f"“{name}”要填数字，“{value}”不是数字。") from None
    if not number.is_finite():
        raise ValidationError(f"“{name}”要填数字，“{value}”不是数字。")
    return number


def _unknown(noun: str, key: str) -> ValidationError:
    return ValidationError(f"方案里没有{noun}“{key}”。", "方案可能已经修改，请刷新后再试。")
