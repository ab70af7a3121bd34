"""The words that fields offer: shipped lists, and those of the adopted scheme."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.schemes.schema import Scheme

Choices = tuple[tuple[str, str], ...]
"""Value as it is kept, and its words."""

UNIT_ROLES: Choices = (("lead", "牵头单位"), ("member", "成员单位"))
"""Roles of units beside those that the scheme names."""
ATTENDANCE = {"expected": "未签到", "present": "到会", "leave": "请假", "absent": "缺席"}


@cache
def shipped() -> Mapping[str, tuple[str, ...]]:
    """Lists of resources/vocabulary.toml."""
    read = tomllib.loads(resource("vocabulary.toml").read_text("utf-8"))
    return {name: tuple(words) for name, words in read.items()}


def _kinds(scheme: Scheme) -> Choices:
    return tuple((kind.key, kind.name) for kind in scheme.activity)


def _forms(scheme: Scheme) -> Choices:
    words = [form for kind in scheme.activity for form in kind.forms]
    return _plain(words or shipped()["medium"])


def _stages(scheme: Scheme) -> Choices:
    return _plain([stage.name for kind in scheme.activity for stage in kind.stages])


def _community_kinds(scheme: Scheme) -> Choices:
    return _plain([scheme.community.kind, *(group.name for group in scheme.community.groups)])


def _variants(scheme: Scheme) -> Choices:
    return _plain([one.name for one in scheme.community.types])


def _stages_of_school(scheme: Scheme) -> Choices:
    return _plain([*scheme.community.stages, *shipped()["stage"]])


def _levels(scheme: Scheme) -> Choices:
    return _plain([*scheme.scheme.levels, *shipped()["level"]])


def _roles(scheme: Scheme) -> Choices:
    return tuple((role.key, role.name) for role in scheme.community.roles)


def _unit_roles(scheme: Scheme) -> Choices:
    named = {role.key: role.name for role in scheme.community.units}
    return tuple((dict(UNIT_ROLES) | named).items())


KEYED = ("activity_kind", "role", "unit_role")
"""Vocabularies whose values are keys of a scheme, and say nothing by themselves."""

_OF_SCHEME: Mapping[str, Callable[[Scheme], Choices]] = {
    "activity_kind": _kinds,
    "activity_form": _forms,
    "activity_stage": _stages,
    "community_kind": _community_kinds,
    "community_variant": _variants,
    "role": _roles,
    "unit_role": _unit_roles,
    "stage": _stages_of_school,
    "level": _levels,
}


def choices(name: str, scheme: Scheme) -> Choices:
    """Values and words of a vocabulary under a scheme."""
    if name == "attendance":
        return tuple(ATTENDANCE.items())
    found = _OF_SCHEME.get(name)
    return found(scheme) if found else _plain(shipped()[name])


def _plain(words: list[str] | tuple[str, ...]) -> Choices:
    return tuple((word, word) for word in dict.fromkeys(words))
