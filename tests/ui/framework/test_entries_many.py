"""A table over very many records: what is seen costs the same as with few."""

import time

import pytest

from app.services.entry.bulk import Edit
from app.services.entry.listing import Query
from app.ui.framework.entries import EntrySource
from app.ui.framework.grid import EntryGrid
from app.ui.framework.tables import Order


@pytest.fixture
def many(services, adoption):
    edits = [
        Edit("", {"title": f"活动{n}", "held_on": f"2025-10-{1 + n % 28}", "place": f"地点{n % 7}"})
        for n in range(400)
    ]
    services.entries.apply("activity", edits, adoption.id)
    return Query("activity", adoption.id)


class Counting(EntrySource):
    """Counts how many rows are asked for, and how often single places are."""

    rows = places = 0

    def fetch(self, offset, limit, order):
        found = super().fetch(offset, limit, order)
        Counting.rows += len(found)
        return found

    def position(self, row_id, order):
        Counting.places += 1
        return super().position(row_id, order)


@pytest.fixture
def grid(qtbot, tools, services, adoption, many, monkeypatch):
    monkeypatch.setattr("app.ui.framework.entry_model.EntrySource", Counting)
    monkeypatch.setattr(Counting, "rows", 0)
    monkeypatch.setattr(Counting, "places", 0)
    sheet = services.entries.sheet("activity", adoption.id)
    made = EntryGrid(tools, services.entries, sheet, many, "activity")
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    qtbot.waitExposed(made)
    made.grab()
    return made


def test_opening_fetches_what_is_seen(grid):
    assert grid.model.count == 400
    assert Counting.rows == 100


def test_a_selection_of_all_survives_a_refresh_without_asking_for_each(grid):
    grid.view.selectAll()
    began = time.perf_counter()
    grid.refresh()
    assert time.perf_counter() - began < 5, "one query for each record took half a minute"
    assert grid.view.selected_count() == 400
    assert Counting.places <= 1


def test_places_of_many_records_are_as_they_are_listed(services, many):
    source = EntrySource(services.entries, many)
    order = Order("place", descending=True, then=Order("title"))
    listed = [row.id for row in source.fetch(0, 400, order)]
    assert source.positions(listed[50:90], order) == dict(
        zip(listed[50:90], range(50, 90), strict=True)
    )
    assert source.position(listed[77], order) == 77


def test_a_large_block_is_written_as_a_job(grid, tools, services, qtbot):
    from PySide6.QtGui import QGuiApplication

    asked = []
    grid.confirm = lambda preview: asked.append(preview) or True
    column = next(n for n, one in enumerate(grid.model.columns) if one.key == "place")
    grid.view.setCurrentIndex(grid.model.index(0, column))
    QGuiApplication.clipboard().setText("\n".join(["礼堂"] * 300))
    with qtbot.waitSignal(grid.view.actions_on_cells.writer.written, timeout=30_000):
        grid.view.actions_on_cells.paste()
    assert asked[0].changed == 300
    assert [grid.model.index(n, column).data() for n in (0, 299)] == ["礼堂", "礼堂"]
    assert grid.model.index(300, column).data() != "礼堂"
    assert services.history.undo_label() == "粘贴活动 300 次"
    assert [handle.label for handle in tools.jobs.recent] == ["粘贴活动 300 次"]
