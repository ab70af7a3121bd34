"""What a scheme file can say: one class per section, for all the systems there are.

The page for scheme authors is resources/schemes/README.md; what the sections demand of each other
is in checks.py. Imported lazily (pydantic costs start-up time): outside this package use loader.py.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.services.schemes.assessment import (
    Draw,
    Grade,
    Group,
    Input,
    Recognition,
    Rubric,
    Score,
)
from app.services.schemes.duties import (
    ActivityKind,
    Deadline,
    Figure,
    Phase,
    Progress,
    Quota,
    Seal,
    StandingSlot,
    Window,
)
from app.services.schemes.parts import (
    Count,
    Key,
    Many,
    MonthDay,
    Name,
    Part,
    Period,
    Positive,
    Range,
    Ref,
    Section,
    Words,
)


class Term(Part):
    """A term of the year and the day it starts."""

    name: Name
    starts: MonthDay


class Year(Section):
    """The year by which this system counts, its terms, and how many years make a cycle."""

    kind: Literal["school-year", "calendar-year"] = "school-year"
    starts: MonthDay = "09-01"
    """None given: 1 September of a school year, 1 January of a calendar year."""
    terms: Many[Term] = ()
    cycle_years: Annotated[int, Field(ge=1)] = 1
    """Years of the agreement or of the assessment cycle."""

    @model_validator(mode="before")
    @classmethod
    def _calendar_year(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("kind") == "calendar-year":
            return {"starts": "01-01", **value}
        return value


class Head(Section):
    """Name, source and subject of the scheme."""

    id: Key
    name: Name
    format: Literal[1]
    assesses: Literal["community", "unit", "person", "pair"]
    code: str = ""
    """Short code of the system; variants of one system share it."""
    variant: str = ""
    source: str = ""
    order: int = 0
    """Place in lists; the lowest of those with the same code is its main variant."""
    year: Year = Year()
    levels: Many[Name] = ("校", "镇", "县", "市", "省", "国")
    """Levels of awards and activities, rising."""


class Ask(Section):
    """Something the source leaves to each year: asked when the scheme is adopted."""

    key: Key
    text: Name
    kind: Literal["year", "day", "number", "text", "choice"]
    choices: Words = ()
    default: str = ""
    """``start``/``end`` (calendar year in which the scheme's year starts/ends) for a year."""


class Role(Section):
    """A role that people hold, and how many may hold it."""

    key: Key
    name: Name
    min: Count = 0
    max: Count | None = None
    rotates: Period | None = None
    """The role passes on after each such period (轮值)."""


class UnitRole(Section):
    """A role that schools hold in the community (牵头、联合、核心、成员 …), and how many."""

    key: Key
    name: Name
    min: Count = 0
    max: Count | None = None
    rotates: Period | None = None


class Kind(Section):
    """A type of community (融合型 …) or a kind of group (教研组 …), with its building blocks."""

    key: Key
    name: Name
    blocks: Words = ()


class Pairing(Section):
    """Two roles tied in pairs (师徒), and how many a first may have of the second."""

    key: Key
    name: Name
    first: Annotated[str, Ref("role")]
    second: Annotated[str, Ref("role")]
    per_first: Range = Range()


class Community(Section):
    """Kind of community, who belongs to it and in which roles."""

    kind: Name
    stages: Words = ()
    """School stages (学段) it may belong to."""
    types: Many[Kind] = ()
    groups: Many[Kind] = ()
    units: Many[UnitRole] = ()
    units_max: Count | None = None
    roles: Many[Role] = ()
    pairs: Many[Pairing] = ()
    dispatches: Words = ()
    """Kinds of dispatch (派驻、支教、送教、跟岗 …), which ``where.form`` may ask for."""
    agreement_years: Range | None = None
    plate: str = ""
    """Wording of the name plate, with the same fields in braces as cover lines."""


class CoverLine(Part):
    """A line of the cover: text with fields in braces, and the label before it."""

    text: Name
    label: str = ""


class Cover(Section):
    """A variant of the box cover."""

    key: Key
    name: Name
    lines: Many[CoverLine]


PLAIN_COVER = Cover(
    key="plain",
    name="通用",
    lines=(
        CoverLine(text="{community.name}", label="名称"),
        CoverLine(text="{unit.name}", label="单位"),
        CoverLine(text="{period}", label="时间"),
    ),
)
"""What is printed where a scheme says nothing about covers."""

Column = Literal[
    "seq",
    "archival_code",
    "doc_no",
    "author",
    "title",
    "date",
    "secrecy",
    "pages",
    "folios",
    "assessment_no",
    "remark",
]


class Directory(Section):
    """Order and columns of the directory, and which form it takes."""

    order: Many[Literal["table", "date", "title", "kind"]] = ("table", "date")
    columns: Many[Column] = ("seq", "title", "author", "date", "folios", "remark")
    form: Literal["material", "da-t-22"] = "material"


class Boxes(Section):
    """How materials become boxes or bound volumes."""

    bound: Literal["boxes", "volumes"] = "boxes"
    one_per: Literal["community", "unit", "person", "kind"] = "community"
    spines_mm: Many[Positive] = tuple(map(Decimal, (20, 30, 40, 50)))
    sheets_per_mm: Positive = Decimal(10)
    fill_percent: Annotated[int, Field(ge=10, le=100)] = 90
    retention: Name = "10年"


class Scheme(Part):
    """A whole scheme."""

    scheme: Head
    ask: Many[Ask] = ()
    community: Community
    activity: Many[ActivityKind] = ()
    slot: Many[StandingSlot] = ()
    window: Many[Window] = ()
    seal: Many[Seal] = ()
    quota: Many[Quota] = ()
    progress: Many[Progress] = ()
    deadline: Many[Deadline] = ()
    phase: Many[Phase] = ()
    figure: Many[Figure] = ()
    rubric: Many[Rubric] = ()
    table: Many[Group] = ()
    input: Many[Input] = ()
    score: Many[Score] = ()
    grade: Many[Grade] = ()
    recognition: Many[Recognition] = ()
    draw: Many[Draw] = ()
    cover: Many[Cover] = (PLAIN_COVER,)
    directory: Directory = Directory()
    box: Boxes = Boxes()
