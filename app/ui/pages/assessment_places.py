"""Where in the window a record or a missing piece of an assessment is mended."""

from __future__ import annotations

_PAGES = {
    "evidence": "materials", "activity": "activities", "lesson": "activities",
    "observation": "observations", "person": "members", "school": "members",
    "community": "members",
}  # fmt: skip
_AS_RECORDS = {"unit": "school", "group": "community"}
_COUNTED = {
    "activity": ("activities", ""), "lesson": ("activities", "lesson"),
    "observation": ("observations", ""), "evidence": ("materials", ""),
}  # fmt: skip
"""Where what an item counts is written down."""


def place_of(record: str, score: object = None) -> tuple[str, str]:
    """Page and view for a record (``person:<id>``), or for what an item counts (``item:<no>``)."""
    kind, _, record_id = record.partition(":")
    kind = _AS_RECORDS.get(kind, kind)
    if kind in _PAGES:
        return _PAGES[kind], f"record:{kind}:{record_id}"
    by = getattr(score, "by", "")
    if by == "quota-rate":
        return "assessment", "progress"
    if by == "presence":
        return "assessment", "missing"
    return _COUNTED.get(getattr(score, "of", ""), ("assessment", "missing"))


def takes_files(score: object) -> bool:
    """Whether any file under the item counts for it."""
    by = getattr(score, "by", "")
    if by == "presence":
        return not getattr(score, "slots", ())
    return by == "level" and getattr(score, "of", "") == "evidence"
