"""Counting, ordering and placing the evidence of a list; all views and orders on one small archive."""

from __future__ import annotations

from typing import get_args

import pytest

from app.errors import ValidationError
from app.services.evidence.catalogue import VIEWS, Query, SortKey
from app.services.evidence.service import EvidenceEdit


@pytest.fixture
def ids(services, tmp_path):
    """Three texts: the first with author, pages, date and seal and under an item."""
    for name in ("甲", "乙", "丙"):
        (tmp_path / f"{name}.txt").write_text(name * 5, encoding="utf-8")
    report = services.evidence.ingest([tmp_path / f"{name}.txt" for name in ("甲", "乙", "丙")])
    added = [one.id for one in report.added]
    items = services.adoptions.items(services.adoptions.current().id)
    edit = EvidenceEdit(author="张", pages=3, dated_on="2025-10-01", sealed=True)
    services.evidence.edit(added[:1], edit, next(item.id for item in items if item.parent_id))
    return added


def test_all_views_are_counted_as_each_alone_counts(services, ids):
    adoption_id = services.adoptions.current().id
    alone = {
        view: services.catalogue.count(Query(view=view, adoption_id=adoption_id)) for view in VIEWS
    }
    assert services.catalogue.counts(adoption_id=adoption_id) == alone
    assert alone == {
        "all": 3, "unplaced": 2, "no_pages": 2, "no_date": 2, "unsealed": 2, "faulty": 0,
    }  # fmt: skip
    assert services.catalogue.counts("甲", adoption_id)["unplaced"] == 0


@pytest.mark.parametrize("sort", get_args(SortKey))
@pytest.mark.parametrize("descending", [True, False])
def test_pages_ids_and_places_agree_in_every_order(services, ids, sort, descending):
    query = Query(sort=sort, descending=descending)
    listed = services.catalogue.ids(query)
    assert sorted(listed) == sorted(ids)
    paged = [services.catalogue.page(query, n, 1)[0].id for n in range(3)]
    assert paged == listed
    assert [services.catalogue.position(query, one) for one in listed] == [0, 1, 2]


def test_a_record_outside_the_list_has_no_place(services, ids):
    assert services.catalogue.position(Query(view="no_pages"), ids[0]) is None


def test_the_newest_stand_first(services, ids):
    assert services.catalogue.ids(Query()) == ids[::-1]


def test_fields_and_item_are_one_step(services, ids):
    services.history.undo()
    row = services.catalogue.get(ids[0]).row
    assert (row.author, row.sealed, row.items) == ("", False, "")


def test_a_group_is_no_place_and_then_nothing_is_changed(services, ids):
    group = next(
        item for item in services.adoptions.items(services.adoptions.current().id)
        if item.parent_id is None
    )  # fmt: skip
    with pytest.raises(ValidationError):
        services.evidence.edit(ids, EvidenceEdit(author="李"), group.id)
    assert services.catalogue.get(ids[1]).row.author == ""


def test_check_refuses_what_edit_would_refuse(services):
    services.evidence.check(EvidenceEdit(pages=12, dated_on="2025年9月1日"))
    for wrong in (
        EvidenceEdit(title=" "),
        EvidenceEdit(pages=10_000),
        EvidenceEdit(dated_on="明天"),
    ):
        with pytest.raises(ValidationError):
            services.evidence.check(wrong)
