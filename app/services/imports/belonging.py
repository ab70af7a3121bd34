"""Where the people of a roster belong: their schools, and their roles in the community."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import CommunityUnit, SchemeAdoption, School, SchoolYear, new_id
from app.services.adoption import parsed
from app.services.imports.values import BadValueError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_DEFAULT_ROLE = "member"
_BETWEEN_ROLES = re.compile(r"[、,，;；/\s]+")


def _word(text: str) -> str:
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
                self._ids.setdefault(_word(short_name), school_id)
        self._ids |= {_word(name): school_id for school_id, name in self.names.items()}
        own = session.scalar(
            select(CommunityUnit.school_id)
            .where(CommunityUnit.community_id == community_id)
            .order_by(CommunityUnit.ordinal, CommunityUnit.id)
            .limit(1)
        )
        self._own = own or (rows[0].id if len(rows) == 1 else None)

    def id_of(self, name: str) -> str | None:
        """The school of that name; without a name the community's own, if there is one."""
        if not name:
            return self._own
        word = _word(name)
        if word not in self._ids:
            self._ids[word] = school_id = new_id()
            self.names[school_id] = self.made[school_id] = name
        return self._ids[word]


class Roles:
    """The roles of the community's scheme, by key and by name."""

    def __init__(self, session: Session, community_id: str | None) -> None:
        source = session.scalar(
            select(SchemeAdoption.source_text)
            .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
            .where(SchemeAdoption.community_id == community_id)
            .order_by(SchoolYear.year.desc(), SchemeAdoption.version.desc())
            .limit(1)
        )
        roles = parsed(source).community.roles if source else ()
        self.appoints = community_id is not None
        """Without a community there is nothing to be appointed to."""
        self.names = {role.key: role.name for role in roles}
        self._keys = {_word(word): role.key for role in roles for word in (role.key, role.name)}
        ordinary = [role.key for role in roles if role.key == _DEFAULT_ROLE or role.name == "成员"]
        unlimited = [role.key for role in roles if role.max is None]
        self.default = next(iter([*ordinary, *unlimited, *self.names]), _DEFAULT_ROLE)

    def keys(self, text: str) -> tuple[str, ...]:
        """Keys of the roles that a cell names; raises BadValueError, listing what there is."""
        whole = self._keys.get(_word(text))
        if whole:
            return (whole,)
        found = []
        for part in filter(None, _BETWEEN_ROLES.split(text)):
            key = self._keys.get(_word(part))
            if key is None:
                raise BadValueError(
                    f"没有“{part}”这个角色，可用的角色：{'、'.join(self.names.values())}"
                    if self.names
                    else "这个共同体还没有采用方案，没有可用的角色"
                )
            found.append(key)
        return tuple(dict.fromkeys(found))
