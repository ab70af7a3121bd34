"""Where the people of a roster belong: their schools, and their roles in the community."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import CommunityUnit, SchemeAdoption, School, SchoolYear, new_id
from app.services.adoption import parsed
from app.services.entry.vocabulary import choices
from app.services.imports.values import BadValueError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.schemes.schema import Scheme

_DEFAULT_ROLE = "member"
_BETWEEN_ROLES = re.compile(r"[、,，;；/\s]+")


def word_of(text: str) -> str:
    """A name as it is compared: blanks, width and case forgotten."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


class Schools:
    """Ids of schools by name; a name that is not in the archive yet gets a new id."""

    def __init__(self, session: Session, community_id: str | None) -> None:
        self.names: dict[str, str] = {}
        """Id → name, those to be made included."""
        self.made: dict[str, str] = {}
        """Id → name of those that are not in the archive yet."""
        self._ids: dict[str, str] = {}
        rows = session.execute(select(School.id, School.name, School.short_name)).all()
        for school_id, name, short_name in rows:
            self.names[school_id] = name
            if short_name:
                self._ids.setdefault(word_of(short_name), school_id)
        self._ids |= {word_of(name): school_id for school_id, name in self.names.items()}
        own = session.scalar(
            select(CommunityUnit.school_id)
            .where(CommunityUnit.community_id == community_id)
            .order_by(CommunityUnit.ordinal, CommunityUnit.id)
            .limit(1)
        )
        self._own = own or (rows[0].id if len(rows) == 1 else None)

    def find(self, name: str) -> str | None:
        """The school of that name, if it is there."""
        return self._ids.get(word_of(name)) if name else None

    def make(self, name: str) -> str:
        """Id for a school that is to be made."""
        made = self._ids[word_of(name)] = new_id()
        self.names[made] = self.made[made] = name
        return made

    def id_of(self, name: str) -> str | None:
        """The school of that name, made if need be; without a name the community's own, if any."""
        if not name:
            return self._own
        return self.find(name) or self.make(name)


def scheme_of(session: Session, community_id: str | None) -> Scheme | None:
    """The scheme that the community adopted last; None where it has none."""
    source = session.scalar(
        select(SchemeAdoption.source_text)
        .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
        .where(SchemeAdoption.community_id == community_id)
        .order_by(SchoolYear.year.desc(), SchemeAdoption.version.desc())
        .limit(1)
    )
    return parsed(source) if source else None


class Roles:
    """The roles of the community's scheme, by key and by name."""

    def __init__(self, session: Session, community_id: str | None) -> None:
        scheme = scheme_of(session, community_id)
        roles = scheme.community.roles if scheme else ()
        self.appoints = community_id is not None
        """Without a community there is nothing to be appointed to."""
        self.names = {role.key: role.name for role in roles}
        self._keys = {word_of(word): role.key for role in roles for word in (role.key, role.name)}
        ordinary = [role.key for role in roles if role.key == _DEFAULT_ROLE or role.name == "成员"]
        unlimited = [role.key for role in roles if role.max is None]
        self.default = next(iter([*ordinary, *unlimited, *self.names]), _DEFAULT_ROLE)

    def keys(self, text: str) -> tuple[str, ...]:
        """Keys of the roles that a cell names; raises BadValueError, listing what there is."""
        whole = self._keys.get(word_of(text))
        if whole:
            return (whole,)
        found = []
        for part in filter(None, _BETWEEN_ROLES.split(text)):
            key = self._keys.get(word_of(part))
            if key is None:
                raise BadValueError(
                    f"没有“{part}”这个角色，可用的角色：{'、'.join(self.names.values())}"
                    if self.names
                    else "这个共同体还没有采用方案，没有可用的角色"
                )
            found.append(key)
        return tuple(dict.fromkeys(found))


class UnitRoles:
    """The roles that schools may have in the community, and those they have."""

    def __init__(self, session: Session, community_id: str | None) -> None:
        scheme = scheme_of(session, community_id)
        self._names = dict(choices("unit_role", scheme)) if scheme else {}
        self._keys = {
            word_of(word): key for key, name in self._names.items() for word in (key, name)
        }
        self.held: dict[str, tuple[str, ...]] = {}
        """School → its roles in the community."""
        for school_id, role in session.execute(
            select(CommunityUnit.school_id, CommunityUnit.role)
            .where(CommunityUnit.community_id == community_id)
            .order_by(CommunityUnit.ordinal)
        ):
            self.held[school_id] = (*self.held.get(school_id, ()), role)

    def key(self, text: str) -> str:
        """Key of the role that a cell names, "" for none; raises BadValueError, listing what there is."""
        word = word_of(text)
        key = self._keys.get(word) or self._keys.get(f"{word}单位") or self._keys.get(f"{word}学校")
        if text and key is None:
            raise BadValueError(
                f"没有“{text}”这个角色，可用的角色：{'、'.join(self._names.values())}"
                if self._names
                else "这个共同体还没有采用方案，没有可用的角色"
            )
        return key or ""

    def name(self, key: str) -> str:
        """Chinese name of a role."""
        return self._names.get(key, key)
