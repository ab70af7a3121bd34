"""Sections of a scheme that say what must be there and done: materials, quotas, dates."""

from typing import Annotated, Literal

from pydantic import Field

from app.services.schemes.parts import (
    Amount,
    Counted,
    Day,
    Key,
    Many,
    Medium,
    Month,
    Name,
    Part,
    Percent,
    Period,
    Positive,
    Range,
    Ref,
    Section,
    When,
    Where,
    Who,
    Words,
    text_first,
)


class SlotBase(Section):
    """A material that must be there."""

    key: Key
    name: Name
    count: Annotated[int, Field(ge=1)] = 1
    medium: Medium = "either"
    due: When | None = None
    waivable: bool = False
    optional: bool = False
    parts: Words = ()
    """Headings it must contain (e.g. the six parts of a lesson plan)."""


class ActivitySlot(SlotBase):
    """A material that each activity of a kind must leave."""

    each: Literal["activity", "lesson", "person", "unit"] = "activity"
    from_: Annotated[Words, Ref("party")] = Field(default=(), alias="from")
    """Who hands it in; with ``each = "person"`` every one of them does."""
    forms: Annotated[Words, Ref("form")] = ()
    """Only for activities of these forms."""


class StandingSlot(SlotBase):
    """A material due in each period from those it is meant for (plans, summaries, certificates)."""

    who: Who = Who()
    per: Period = "year"
    months: Many[Month] = ()
    """Only in periods that begin in these months; none given: in all of them."""
    from_: Annotated[Words, Ref("party")] = Field(default=(), alias="from")


class Stage(Part):
    """A step of an activity; the gate is the material without which the next may not begin."""

    name: Name
    gate: Annotated[str | None, Ref("slot")] = None
    days: Range | None = None

    _text = text_first("name")


class ActivityKind(Section):
    """A kind of activity: its steps, forms and the materials it leaves."""

    key: Key
    name: Name
    stages: Many[Stage] = ()
    forms: Words = ()
    slots: Many[ActivitySlot] = ()


class Accepts(Part):
    """A span of days of the scheme's year, or one calendar year (start, end or a question's key)."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    calendar_year: Annotated[str | None, Ref("year-ask")] = None


class Window(Section):
    """When material must have been made; of several that fit, the later in the file holds."""

    where: Where = Where()
    accepts: Accepts


class Seal(Section):
    """Which materials must be stamped, and with what."""

    where: Where = Where()
    needs: Name


class Milestone(Part):
    """So many percent by that day."""

    by: Day
    percent: Percent


class Share(Part):
    """A share instead of a number: so many percent of those people, of each rank on its own."""

    percent: Percent
    among: Who
    each: Literal["all", "honour", "title"] = "all"


class Quota(Counted):
    """How many of what someone must do in a period."""

    key: Key
    name: Name
    who: Who = Who()
    min: Positive | None = None
    above: Amount | None = None
    max: Positive | None = None
    share: Share | None = None
    per: Period = "year"
    months: Many[Month] = ()
    """Only in periods that begin in these months, e.g. not in the holidays; none given: in all of them."""
    carry_over: bool = False
    milestones: Many[Milestone] = ()
    replaces: Annotated[Words, Ref("quota")] = ()
    """Quotas that no longer hold for whoever this one holds for."""


class Progress(Section):
    """Milestones of several quotas together."""

    key: Key
    name: Name
    quotas: Annotated[Words, Ref("quota")] = ()
    """None given: all of them."""
    how: Literal["mean", "each", "total"] = "mean"
    milestones: Many[Milestone]


class Deadline(Section):
    """What must be handed in by when, by whom, to whom."""

    key: Key
    name: Name
    when: When
    slot: Annotated[str | None, Ref("slot")] = None
    who: Who = Who()
    """Whose it is."""
    from_: Annotated[Words, Ref("party")] = Field(default=(), alias="from")
    """Who hands it in, e.g. the head for all members."""
    to: str = ""


class Phase(Section):
    """A stretch of the plan: days, theme, kinds of activity."""

    name: Name
    from_: Day = Field(alias="from")
    to: Day
    theme: str = ""
    kinds: Annotated[Words, Ref("kind")] = ()


class Figure(Section):
    """A figure with a standard to reach (actual value and gap are entered)."""

    key: Key
    name: Name
    unit: str = ""
    basis: str = ""
    standard: Range
    targets: Many[Amount] = ()
    """Yearly targets of the cycle, first year first."""
