"""Lists of schools into the archive, with the role that each has in the community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import CommunityUnit, School, new_id
from app.services.imports.belonging import UnitRoles, word_of
from app.services.imports.plan import Plan
from app.services.imports.table import Draft
from app.services.journal import insert_many

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.imports.report import State

TEXTS = ("short_name", "kind", "stage", "district", "note")


class SchoolPlan(Plan):
    """Schools by name: who is new, who changes."""

    action = "导入单位名单"

    def find_out(self, session: Session) -> None:
        """Recognise the schools of the file among those of the archive."""
        self._roles = UnitRoles(session, self.options.community_id)
        self._known: dict[str, dict[str, str]] = {}
        for row in session.execute(
            select(School.id, School.name, *(getattr(School, name) for name in TEXTS))
        ):
            self._known[row[0]] = dict(zip(("name", *TEXTS), row[1:], strict=True))
        self._ids = {word_of(known["name"]): id_ for id_, known in self._known.items()}
        short = {word_of(known["short_name"]): id_ for id_, known in self._known.items()}
        self._short = {word: id_ for word, id_ in short.items() if word}
        self._new: list[dict[str, Any]] = []
        self._texts: dict[str, dict[str, str]] = {}
        self._gained: dict[str, str] = {}
        self._exchanged: dict[str, str] = {}
        for draft in self._folded():
            self.states[draft.row] = state = self._look_at(draft)
            self.created += state == "created"
            self.updated += state == "updated"
            self.unchanged += state == "unchanged"

    def _folded(self) -> list[Draft]:
        """Each school once: the first row with its blanks filled from later rows of that name."""
        first: dict[str, Draft] = {}
        for draft in self.table.rows:
            word = word_of(draft.get("name"))
            if word in first:
                self.duplicates.append((draft.row, first[word].row))
                first[word] = Draft(first[word].row, {**draft.values, **first[word].values})
            else:
                first[word] = draft
        return list(first.values())

    def _look_at(self, draft: Draft) -> State:
        role = self.attempt(draft.row, "role", self._roles.key, draft.get("role"))
        if role is None:
            return "rejected"
        name = draft.get("name")
        school_id = self._ids.get(word_of(name))
        if school_id is None and (school_id := self._short.get(word_of(name))):
            known = self._known[school_id]["name"]
            self.remark(f"“{name}”是“{known}”的简称，认作同一个单位", draft.row)
        if school_id is None:
            school_id = new_id()
            texts = {key: draft.get(key) for key in TEXTS}
            self._new.append({"id": school_id, "name": name, **texts})
            if role:
                self._gained[school_id] = role
            return "created"
        if self.options.policy == "skip":
            return "unchanged"
        return self._compared(draft, school_id, role)

    def _compared(self, draft: Draft, school_id: str, role: str) -> State:
        known = self._known[school_id]
        taken: dict[str, str] = {}
        for key in TEXTS:
            old, new = known[key], draft.get(key)
            if not new or new == old:
                continue
            if self.takes(draft.row, known["name"], key, old, new):
                taken[key] = new
        held = self._roles.held.get(school_id, ())
        changed = bool(taken)
        if role and role not in held:
            old = "、".join(self._roles.name(one) for one in held)
            if self.takes(draft.row, known["name"], "role", old, self._roles.name(role)):
                changed = True
                into = self._exchanged if len(held) == 1 else self._gained
                into[school_id] = role
        if taken:
            self._texts[school_id] = taken
        return "updated" if changed else "unchanged"

    def write(self, session: Session, progress: Progress) -> None:
        """Write everything within the caller's transaction."""
        insert_many(session, School, self._new)
        community_id = self.options.community_id
        of_community = CommunityUnit.community_id == community_id
        last = session.scalar(select(func.max(CommunityUnit.ordinal)).where(of_community))
        first = 0 if last is None else last + 1
        insert_many(
            session,
            CommunityUnit,
            [
                {"community_id": community_id, "school_id": id_, "role": role, "ordinal": place}
                for place, (id_, role) in enumerate(self._gained.items(), first)
            ],
        )
        for number, (school_id, texts) in enumerate(self._texts.items()):
            progress.report(number, len(self._texts), "更新单位")
            school = session.get_one(School, school_id)
            for key, value in texts.items():
                setattr(school, key, value)
        for school_id, role in self._exchanged.items():
            unit = session.scalars(
                select(CommunityUnit).where(of_community, CommunityUnit.school_id == school_id)
            ).one()
            unit.role = role
