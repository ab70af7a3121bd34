"""The small words every section of a scheme is made of: keys, days, ranges, who and which.

One way to select records serves slots, quotas, items, windows and seals alike: ``Counted`` says
what is counted (``of``), which of them (``where``) and for whom (``counts_for``); ``Who`` says
which people, units or communities a rule is meant for. Figures are fields; there are no formulas.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")

PARTIES: Mapping[str, str] = {
    "organizer": "主办单位",
    "host": "承办单位",
    "co-host": "协办单位",
    "unit": "参加单位",
    "leader": "负责人",
    "recorder": "记录人",
    "teacher": "执教教师",
    "speaker": "主讲人",
    "attendee": "参加人员",
    "absentee": "请假或缺席人员",
    "observer": "听课人",
    "owner": "材料所有人",
    "person": "本人",
}
"""Who takes part in a record, in words that need no definition; roles of the scheme come on top."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field whose values must be keys defined elsewhere in the scheme."""

    kind: str


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number", "not a number")
    return value


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _no_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "blank")
    return value


_DAY = re.compile(r"(?:(previous|next) )?(?:(\d{4})-)?(\d{2})-(\d{2})")


def _day(value: str) -> str:
    found = _DAY.fullmatch(value)
    if found is None or (found[1] and found[2]):
        raise PydanticCustomError("day", "not a day")
    if not found[2] and (found[3], found[4]) == ("02", "29"):
        raise PydanticCustomError("leap_day", "not in every year")
    try:
        date(int(found[2] or 2023), int(found[3]), int(found[4]))
    except ValueError:
        raise PydanticCustomError("no_such_day", "no such day") from None
    return value


Name = Annotated[str, AfterValidator(_no_blank), StringConstraints(max_length=200)]
Key = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,40}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[\w.()（）、-]{1,20}$")]
Day = Annotated[str, AfterValidator(_day)]
"""MM-DD of the scheme's year, ``previous``/``next MM-DD`` of the one before/after, or YYYY-MM-DD."""
MonthDay = Annotated[str, AfterValidator(_day), StringConstraints(pattern=r"^\d\d-\d\d$")]
Amount = Annotated[Decimal, BeforeValidator(_number), Strict(strict=False), Field(ge=0)]
Positive = Annotated[Decimal, BeforeValidator(_number), Strict(strict=False), Field(gt=0)]
Many = Annotated[tuple[T, ...], Strict(strict=False)]
Words = Annotated[tuple[Name, ...], BeforeValidator(_one_or_many), Strict(strict=False)]
"""One word or a list of words; a list means: any of them."""

Period = Literal["week", "month", "term", "year", "calendar-year", "cycle"]
"""``year`` is the scheme's own year; ``cycle`` is the whole agreement or assessment cycle."""
Medium = Literal["paper", "file", "both", "either"]
RecordKind = Literal[
    "activity", "lesson", "observation", "evidence", "appointment", "absence",
    "dispatch", "pair", "agreement",
]  # fmt: skip
"""``dispatch`` is 派驻、支教、跟岗 (its ``form`` is the kind of dispatch), ``pair`` a 师徒结对."""
SubjectKind = Literal["community", "unit", "group", "person", "pair", "activity", "lesson"]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
Month = Annotated[int, Field(ge=1, le=12)]


class Part(BaseModel):
    """A piece of a scheme: unchangeable, and a misspelt field is an error, never ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Section(Part):
    """A piece that may carry a note, and be marked as an example to be replaced by the user."""

    note: str = ""
    placeholder: bool = False
    """True: the source does not say it; the value is an example that the user must look at."""


class Range(Part):
    """A span of numbers; ``below = 35`` leaves 35 out, ``at_most = 35`` takes it in."""

    at_least: Amount | None = None
    above: Amount | None = None
    at_most: Amount | None = None
    below: Amount | None = None


Anchor = Literal[
    "activity", "term-start", "term-end", "year-start", "year-end", "cycle-start", "cycle-end"
]


class When(Part):
    """A date rule by one way: fixed days, a day of each month, or so long before or after something."""

    on: Annotated[tuple[Day, ...], BeforeValidator(_one_or_many), Strict(strict=False)] = ()
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    """31 means the last day of the month."""
    months: Many[Month] = ()
    days: Annotated[int, Field(ge=0)] | None = None
    after: Anchor | None = None
    before: Anchor | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        relative = self.days is not None
        ways = bool(self.on) + (self.day_of_month is not None) + relative
        sides = (self.after is not None) + (self.before is not None)
        if ways != 1 or sides != int(relative) or (self.months and self.day_of_month is None):
            raise PydanticCustomError("when", "one way")
        return self


class Who(Part):
    """Which people, units or communities: all fields given must hold; a list means any of it."""

    subject: SubjectKind | None = None
    role: Annotated[Words, Ref("role")] = ()
    unit_role: Annotated[Words, Ref("unit")] = ()
    community_type: Annotated[Words, Ref("type")] = ()
    community_grade: Annotated[Words, Ref("grade-name")] = ()
    group: Annotated[Words, Ref("group")] = ()
    group_grade: Annotated[Words, Ref("grade-name")] = ()
    """Groups that were given one of these grades, and whoever belongs to one."""
    office: Words = ()
    school_stage: Annotated[Words, Ref("school-stage")] = ()
    teaches: Words = ()
    title: Words = ()
    honour: Words = ()
    age: Range | None = None
    service_years: Range | None = None
    measured_on: Literal["period-start", "period-end", "year-start", "year-end"] = "period-start"
    """The day on which age and years of service are taken."""
    any: Many["Who"] = ()
    """At least one of these must hold as well."""
    without: "Who | None" = None
    """Whoever fits this is left out."""


class Where(Part):
    """Which records: all fields given must hold; a list means any of it."""

    kind: Annotated[Words, Ref("kind")] = ()
    form: Annotated[Words, Ref("form")] = ()
    stage: Annotated[Words, Ref("stage")] = ()
    slot: Annotated[Words, Ref("slot")] = ()
    role: Annotated[Words, Ref("role")] = ()
    """Of an appointment: the role held."""
    item: Annotated[Words, Ref("item")] = ()
    """Of evidence: the assessment item it lies under."""
    owner_role: Annotated[Words, Ref("role")] = ()
    """Of evidence: the role of the person it belongs to."""
    host: Annotated[Words, Ref("unit")] = ()
    level: Annotated[Words, Ref("level")] = ()
    level_at_least: Annotated[str | None, Ref("level")] = None
    teaches: Words = ()
    school_stage: Annotated[Words, Ref("school-stage")] = ()
    medium: Medium | None = None
    sealed: bool | None = None
    across_units: bool | None = None
    """True: people of at least two units took part."""
    days: Range | None = None
    """Length in days, e.g. of an appointment or a training."""


class Counted(Section):
    """What is counted, which of them, for whom, and what of each adds up."""

    of: RecordKind
    where: Where = Where()
    counts_for: Annotated[str | None, Ref("party")] = None
    """The part in the record that earns it (听课人, 执教教师…); none: the community itself."""
    measure: Literal["number", "days", "lessons", "people", "units"] = "number"
    complete: bool = False
    """True: counts only when all its required materials are there."""


def text_first(field: str) -> Any:
    """Validator that lets a plain text stand for a table with only ``field`` filled."""

    def widen(value: object) -> object:
        return {field: value} if isinstance(value, str) else value

    return model_validator(mode="before")(widen)


def field_names() -> set[str]:
    """Every field name that a scheme file may use, to propose one for a misspelt name."""
    found: set[str] = set()
    todo: list[type[Part]] = [Part]
    while todo:
        model = todo.pop()
        todo.extend(model.__subclasses__())
        found.update(field.alias or name for name, field in model.model_fields.items())
    return found
