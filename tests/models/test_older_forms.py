"""An archive that the first form of the program made still opens, whole, and its steps can be undone."""

import zipfile
from pathlib import Path

import pytest

from app.bootstrap import open_services
from app.services.forms.form import Request
from app.services.safety.check import check

DATA = Path(__file__).parent / "data"


@pytest.fixture
def old(tmp_path, context):
    """Made by form 0001: an activity with a sign-in sheet, a plan under 1.1, a deleted activity."""
    with zipfile.ZipFile(DATA / "form-0001.zip") as packed:
        packed.extractall(tmp_path / "库")
    with open_services(tmp_path / "库", context) as services:
        yield services


def test_it_is_whole_and_kept_as_it_was_beside(old) -> None:
    assert check(old.archive, full=True).problems == ()
    [backup] = (old.path / "backups").iterdir()
    assert backup.name.startswith("升级前")


def test_what_is_new_works_on_it(old) -> None:
    view = old.adoptions.current()
    found = {one.slot for one in old.standing.missing(view.id).findings}
    assert "sign-in" not in found
    assert {"design", "photos"} & found
    table = old.standing.table(view.id)
    item = next(item for group in table.groups for item in group.items if item.no == "1.1")
    assert item.points == 3  # the plan is there, the summary is not: half of 6


def test_steps_taken_before_can_be_taken_back(old) -> None:
    assert old.history.undo() == "删除活动 1 次"
    view = old.adoptions.current()
    assert old.entries.sheet("activity", view.id)
    history = old.history
    while history.undo_label() is not None:
        history.undo()
    assert history.redo_label() is not None
    while history.redo_label() is not None:
        history.redo()
    assert check(old.archive, full=True).problems == ()


@pytest.fixture
def before_paper(tmp_path, context):
    """Made by form 0002: people, a pair, an activity with evidence, a plan in a box."""
    with zipfile.ZipFile(DATA / "form-0002.zip") as packed:
        packed.extractall(tmp_path / "库")
    with open_services(tmp_path / "库", context) as services:
        yield services


def test_the_form_before_paper_prints_its_boxes(before_paper, tmp_path) -> None:
    assert check(before_paper.archive, full=True).problems == ()
    view = before_paper.adoptions.current()
    target = tmp_path / "目录.pdf"
    before_paper.forms.export(Request("directory", view.id), target)
    assert target.read_bytes().startswith(b"%PDF")
    assert before_paper.history.undo() == "排盒"
    while before_paper.history.undo_label() is not None:
        before_paper.history.undo()
    while before_paper.history.redo_label() is not None:
        before_paper.history.redo()
    assert check(before_paper.archive, full=True).problems == ()
