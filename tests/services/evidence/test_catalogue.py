"""Lists of evidence: filtered, sorted and paged by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import NotFoundError
from app.services.evidence.catalogue import VIEWS, Query, View
from app.services.evidence.service import Destination, EvidenceEdit

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services

ROWS = 25


@pytest.fixture
def ids(services: Services, tmp_path: Path) -> list[str]:
    """Even ones are under the first item; every third is dated, every fifth sealed with 2 pages."""
    adopted = services.adoptions.current().id
    item = next(i.id for i in services.adoptions.items(adopted) if i.parent_id)
    found = []
    for number in range(ROWS):
        name = f"2025-09-{number + 1:02} 记录.txt" if number % 3 == 0 else f"记录{number:02}.txt"
        file = tmp_path / name
        file.write_text(f"第 {number} 份", encoding="utf-8")
        to = Destination(adopted, item) if number % 2 == 0 else None
        [added] = services.evidence.ingest([file], to).added
        if number % 5 == 0:
            services.evidence.edit([added.id], EvidenceEdit(pages=2, sealed=True))
        found.append(added.id)
    return found


def test_pages_cover_everything_once_in_both_directions(services: Services, ids: list[str]) -> None:
    for sort in ("added_at", "title", "dated_on", "kind", "pages", "size", "sealed"):
        seen = {}
        for descending in (True, False):
            query = Query(sort=sort, descending=descending)
            rows = [
                row
                for offset in range(0, ROWS, 7)
                for row in services.catalogue.page(query, offset, 7)
            ]
            assert sorted(row.id for row in rows) == sorted(ids), sort
            seen[descending] = [row.id for row in rows]
        assert seen[True] == seen[False][::-1]
    assert [row.id for row in services.catalogue.page(Query(), 0, ROWS)] == ids[::-1]
    assert services.catalogue.page(Query(), ROWS, 7) == []


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("all", range(ROWS)),
        ("unplaced", [n for n in range(ROWS) if n % 2]),
        ("no_pages", [n for n in range(ROWS) if n % 5]),
        ("no_date", [n for n in range(ROWS) if n % 3]),
        ("unsealed", [n for n in range(ROWS) if n % 5]),
        ("faulty", []),
    ],
)
def test_views(services: Services, ids: list[str], view: View, wanted: range) -> None:
    query = Query(view=view, descending=False)
    assert [row.id for row in services.catalogue.page(query, 0, ROWS)] == [ids[n] for n in wanted]
    assert services.catalogue.count(query) == len(wanted) == services.catalogue.counts()[view]


def test_words_and_item_narrow_the_list(services: Services, ids: list[str]) -> None:
    adopted = services.adoptions.current().id
    item = next(i for i in services.adoptions.items(adopted) if i.parent_id)
    assert services.catalogue.count(Query(item_id=item.id)) == 13
    assert services.catalogue.count(Query(words="2025-09")) == 9
    assert services.catalogue.count(Query(words="记录 2025", item_id=item.id)) == 5
    assert services.catalogue.count(Query(words="没有这样的")) == 0
    row = services.catalogue.page(Query(words="2025-09-01"), 0, 5)[0]
    assert (row.id, row.items) == (ids[0], item.no)
    assert set(services.catalogue.counts("2025")) == set(VIEWS)


def test_what_is_gone_is_said_so(services: Services, ids: list[str]) -> None:
    services.evidence.delete([ids[0]])
    with pytest.raises(NotFoundError):
        services.catalogue.get(ids[0])
    assert services.catalogue.count(Query()) == ROWS - 1
