"""A clerk without sense: hundreds of random steps, each of which can be taken back and done again.

The walk is seeded, so the same steps come each time. YANDANG_WALK=seed:steps takes another, longer one.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, text

from app.bootstrap import open_services
from app.errors import AppError
from app.models import Base, SearchBody, SearchEntry
from app.models.base import table_of
from app.services.entry.bulk import Edit
from app.services.entry.sheets import sheets
from app.services.imports.report import Options
from app.services.safety.check import check
from app.services.search import index
from app.services.search.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.context import Context

Dump = dict[str, list[str]]
SEED, STEPS = map(int, os.environ.get("YANDANG_WALK", "3:30").split(":"))
# fmt: off
WORDS = ("数学", "分数的认识", "=1+1", "教研 活动", "😀", "𬱖", "a'b\"c",
         "第一行\n第二行", "\u202e反", "x" * 300)
DAYS = (date(2025, 9, 1), date(2026, 1, 20), date(2026, 3, 2), "2025-10", "3月2日",
        "0001-01-01", "9999-12-31")
FIGURES = (0, 1, 40, "12", 3.5, "1e400", "nan", -1, 2**70)
NAMES = "赵钱孙李周吴郑王"
# fmt: on


def dump(services: Services) -> Dump:
    """Every row of every table, without the journal and the search index."""
    with services.archive.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}")))  # noqa: S608 - our own names
            for name in Base.metadata.tables
            if not name.startswith(("journal", "search"))
        }


def differing(one: Dump, other: Dump) -> dict[str, list[str]]:
    """What a failed comparison should say: the rows that only one of the two has."""
    return {
        name: sorted(set(one[name]) ^ set(other[name])) for name in one if one[name] != other[name]
    }


def indexed(services: Services) -> tuple[list[str], Dump]:
    """The search index as it is: what is kept, and what some words find."""
    with services.archive.uow.read() as session:
        return _indexed(session)


def indexed_anew(services: Services) -> tuple[list[str], Dump]:
    """The search index as it would be if it were made now; nothing stays changed."""
    with services.archive.uow.read() as session:
        for table in (table_of(SearchEntry), table_of(SearchBody)):
            session.execute(delete(table))
        session.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
        for kind in SOURCES:
            index(session, kind, sorted(session.scalars(select(Base.metadata.tables[kind].c.id))))
        made = _indexed(session)
        session.rollback()
        return made


def _indexed(session: Any) -> tuple[list[str], Dump]:
    entry, body = SearchEntry, SearchBody
    rows = session.execute(
        select(entry.kind, entry.record_id, entry.dated, body.title, body.body, body.keys)
        .join(body, body.rowid_ == entry.rowid_)
    ).all()  # fmt: skip
    found = {}
    for word in ("数", "学", "赵", "第 一 行", "a", "x", "教 研"):
        hits = session.scalars(
            select(entry.record_id).where(
                text("search_entry.rowid IN (SELECT rowid FROM search_index WHERE search_index MATCH :w)")
            ),
            {"w": f'"{word}"'},
        )  # fmt: skip
        found[word] = sorted(hits)
    # The order of a record's parts in its body is that of reading them.
    lines = [
        repr((*row[:4], sorted(row.body.split("\n")), sorted(row.keys.split()))) for row in rows
    ]
    return sorted(lines), found


class Clerk:
    """Takes random steps; what a step must not do raises AppError, which is no fault."""

    def __init__(self, services: Services, seed: int) -> None:
        self.services = services
        self.random = random.Random(seed)  # noqa: S311 - the same walk each time is what is wanted
        self.adoption_id = services.adoptions.current().id
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """One action of any kind."""
        act: Callable[[], None] = self.random.choices(
            (self._create, self._change, self._bulk, self._delete, self._restore, self._merge,
             self._import, self._copy),
            (40, 20, 10, 12, 8, 5, 5, 3),
        )[0]  # fmt: skip
        try:
            act()
            self.done[act.__name__] += 1
        except AppError:
            self.done["refused"] += 1

    def _ids(self, kind: str) -> list[str]:
        table = Base.metadata.tables[kind]
        with self.services.archive.uow.read() as session:
            return list(session.scalars(select(table.c.id).order_by(table.c.id)))

    def _any(self, kind: str) -> str:
        ids = self._ids(kind)
        return self.random.choice(ids) if ids else ""

    def _value(self, field: Any, choices: Any) -> Any:
        pick = self.random.choice
        match field.kind:
            case "ref":
                return self._any(field.target)
            case "choice" | "suggest" if choices:
                return pick(choices)[0]
            case "date" | "partial-date":
                return pick(DAYS)
            case "time":
                return pick((time(8), "9:30", "25:00", "下午3点"))
            case "int" | "number":
                return pick(FIGURES)
            case "bool":
                return pick((True, False))
        if field.name in ("name", "short_name"):
            return pick(NAMES) + pick(NAMES) + pick("甲乙丙丁")
        return pick(WORDS)

    def _values(self, kind: str, share: float) -> dict[str, Any]:
        view = self.services.entries.sheet(kind, self.adoption_id)
        return {
            field.name: self._value(field, view.choices.get(field.name))
            for field in view.fields
            if field.editable and (field.required or self.random.random() < share)
        }

    def _kind(self) -> str:
        return self.random.choice([kind for kind in sheets() if kind != "school_year"])

    def _create(self) -> None:
        kind = self._kind()
        owner = sheets()[kind].owner
        parent = self._any(owner) if owner else ""
        self.services.entries.create(kind, self._values(kind, 0.3), self.adoption_id, parent)

    def _change(self) -> None:
        kind = self._kind()
        values = self._values(kind, 0.15)
        self.services.entries.change(kind, self._any(kind), values, self.adoption_id)

    def _bulk(self) -> None:
        kind = self._kind()
        ids = self._ids(kind)
        some = self.random.sample(ids, min(len(ids), 5))
        values = self._values(kind, 0.1)
        edits = [Edit(one, values) for one in some]
        seen = self.services.entries.preview(kind, edits, self.adoption_id)
        made = self.services.entries.apply(kind, edits, self.adoption_id)
        assert seen.changed + seen.conflicts + seen.unchanged == len(edits)
        assert len(made.ids) == made.changed

    def _delete(self) -> None:
        kind = self._kind()
        ids = self._ids(kind)
        some = self.random.sample(ids, min(len(ids), self.random.choice((1, 1, 3))))
        self.services.entries.delete(kind, some)

    def _restore(self) -> None:
        there = self.services.trash.list()
        if there:
            self.services.trash.restore(self.random.sample(there, min(len(there), 2)))

    def _merge(self) -> None:
        kind = self.random.choice(("person", "school"))
        ids = self._ids(kind)
        if len(ids) > 1:
            seen = self.services.people.preview_merge(kind, *self.random.sample(ids, 2))
            self.services.people.merge(seen, {})

    def _import(self) -> None:
        rows = [self._value(sheets()["person"].field("name"), None) for _ in range(6)]
        book = "姓名\t学科\t备注\n" + "\n".join(f"{name}\t数学\t=备注" for name in rows)
        imports = self.services.imports
        community_id = self.services.adoptions.current().community_id
        imports.apply(imports.propose(imports.open_source(book), "members"), Options(community_id))

    def _copy(self) -> None:
        kind = self._kind()
        self.services.entries.copy(kind, self._any(kind), self.adoption_id)


def assert_whole(services: Services) -> None:
    """The archive is sound and its search index is the one that its records call for."""
    assert check(services.archive).problems == ()
    assert indexed(services) == indexed_anew(services)


@pytest.fixture
def folder(services: Services) -> Path:
    return services.path


def test_every_random_step_goes_back_and_forth(
    services: Services, folder: Path, context: Context
) -> None:
    clerk, history, states = Clerk(services, SEED), services.history, [dump(services)]
    while len(states) <= min(STEPS, 95):  # as deep as undo goes
        step = history.undo_step()
        clerk.step()
        if history.undo_step() == step:  # refused, or nothing to do
            assert not differing(states[-1], dump(services))
            continue
        states.append(dump(services))
    assert clerk.done["refused"] < sum(clerk.done.values())
    assert_whole(services)
    services.close()

    with open_services(folder, context) as again:
        for state in reversed(states[:-1]):
            again.history.undo()
            assert not differing(state, dump(again))
        assert_whole(again)
        for state in states[1:]:
            again.history.redo()
            assert not differing(state, dump(again))
        assert_whole(again)
        _restore_everything(again, clerk.random)
        assert_whole(again)


def _restore_everything(services: Services, order: random.Random) -> None:
    """What was deleted comes back in any order, unless what it needs is gone for good."""
    brought = True
    while brought:
        brought = False
        there = services.trash.list()
        for one in order.sample(there, len(there)):
            try:
                services.trash.restore([one])
            except AppError:
                continue
            brought = True
