"""The home page counts what is to be done and leads there."""

from datetime import date

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.bootstrap import services_of
from app.models import Activity, Lesson, Person
from app.services.evidence.service import Destination, EvidenceEdit
from app.services.overview import _ahead
from app.services.standing.records import DeadlineLine
from app.services.standing.roster import Subject
from app.ui.pages.home import HomePage
from tests.services.standing.conftest import archives, world  # noqa: F401 - fixtures


@pytest.fixture
def went() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def page(tools, services, adoption, qtbot, went) -> HomePage:
    made = HomePage(tools, services, adoption, lambda *to: went.append(to))
    qtbot.addWidget(made)
    made.refresh(None)
    made.show()
    return made


def _texts(page: HomePage) -> list[str]:
    return [page.todos.item(n).text() for n in range(page.todos.count())]


def _photo(folder, name, shade):
    Image.new("RGB", (20, 20), (shade, 0, 0)).save(folder / name)
    return folder / name


def test_an_empty_archive_says_how_to_begin(page, went, qtbot) -> None:
    assert "加入“材料”" in _texts(page)[0]
    qtbot.keyClick(page.todos, Qt.Key.Key_Return)
    assert went == [("materials", "")]


def test_what_is_to_be_mended_is_counted_and_linked(
    page, services, adoption, tmp_path, went, qtbot
) -> None:
    item = services.adoptions.find_item(adoption.id, "2.1")
    done = services.evidence.ingest(
        [_photo(tmp_path, "2025-10-15 甲.jpg", 10)], Destination(adoption.id, item.id)
    )
    services.evidence.edit([done.added[0].id], EvidenceEdit(sealed=True))
    services.evidence.ingest([_photo(tmp_path, "乙.jpg", 200)])
    page.refresh(None)
    assert _texts(page)[:3] == [
        "1 份材料还没有归入考核项",
        "1 份材料没有日期，不知道是否在材料时段内",
        "1 份材料没有标记“已盖章”",
    ]
    assert page.figures["evidence"].text() == "2"
    qtbot.keyClick(page.todos, Qt.Key.Key_Down)
    qtbot.keyClick(page.todos, Qt.Key.Key_Return)
    assert went == [("materials", "no_date")]
    assert "加入材料 1 份" in page.steps.item(0).text()


def test_moved_evidence_asks_for_a_new_plan(page, services, adoption, tmp_path) -> None:
    item = services.adoptions.find_item(adoption.id, "2.1")
    to = Destination(adoption.id, item.id)
    services.evidence.ingest([_photo(tmp_path, "2025-10-15 甲.jpg", 10)], to)
    services.boxes.plan(adoption.id)
    page.refresh(None)
    assert not any("重新排盒" in text for text in _texts(page))
    services.evidence.ingest([_photo(tmp_path, "2025-10-16 乙.jpg", 200)], to)
    page.refresh(None)
    assert any("重新排盒" in text for text in _texts(page))


def test_the_check_tells_what_it_found(page, services, tmp_path) -> None:
    services.evidence.ingest([_photo(tmp_path, "2025-10-15 甲.jpg", 10)])
    page.check()
    assert "一切完好" in page.health.text()
    next((services.path / "evidence").rglob("*.jpg")).unlink()
    page.check()
    assert "发现 1 处问题" in page.health.text()
    assert "不见了" in page.health.text()


def _lines(part) -> list[str]:
    return [part.lines.item(n).text() for n in range(part.lines.count())]


@pytest.fixture
def lesson(services, adoption):
    """A demonstration lesson of which everything is missing."""
    with services.archive.uow.write("准备") as session:
        person = Person(name="甲")
        session.add(person)
        session.flush()
        activity = Activity(
            community_id=adoption.community_id, kind="demo", title="第一次示范课",
            held_on=date(2025, 10, 15), host_id=person.id,
        )  # fmt: skip
        session.add(activity)
        session.flush()
        session.add(Lesson(activity_id=activity.id, teacher_id=person.id, title="分数"))
        return activity.id


def test_what_is_due_and_missing_is_told_and_leads_to_its_kind(lesson, page, went, qtbot) -> None:
    assert _lines(page.ahead) == ["06-30　还剩 120 天　材料上报　坊主"]
    told = _lines(page.gaps)
    assert told[0].startswith("应有 ")
    assert "还缺 " in told[0]
    row = next(n for n, text in enumerate(told) if text.startswith("缺材料 "))
    page.gaps.lines.setCurrentRow(row)
    qtbot.keyClick(page.gaps.lines, Qt.Key.Key_Return)
    qtbot.mouseClick(
        page.ahead.lines.viewport(), Qt.MouseButton.LeftButton,
        pos=page.ahead.lines.visualItemRect(page.ahead.lines.item(0)).center(),
    )  # fmt: skip
    assert went == [("assessment", "missing:slot"), ("assessment", "progress")]


def test_a_piece_that_came_is_counted_at_once_and_taken_back_as_well(
    lesson, page, services, adoption, tmp_path
) -> None:
    before = services.overviews.of(adoption)
    services.evidence.ingest(
        [_photo(tmp_path, "2025-10-15 教案.jpg", 9)], Destination(activity_id=lesson, slot="slides")
    )
    after = services.overviews.of(adoption)
    assert after.missing.there == before.missing.there + 1
    assert after.evidence == before.evidence + 1
    assert "1 份材料还没有归入考核项" in [todo.text for todo in after.todos]
    services.history.undo()
    assert services.overviews.of(adoption) == before


def test_counts_kept_are_those_counted_anew(services, adoption, tmp_path) -> None:
    services.overviews.of(adoption)
    item = services.adoptions.find_item(adoption.id, "2.1")
    for number in range(3):
        done = services.evidence.ingest([_photo(tmp_path, f"{number}.jpg", 20 * number)])
        services.overviews.of(adoption)
    id_ = done.added[0].id
    services.evidence.edit([id_], EvidenceEdit(sealed=True, dated_on="2025-10-15"))
    services.evidence.place([id_], item.id)
    kept = services.overviews.of(adoption)
    assert services_of(services.archive).overviews.of(adoption) == kept


def test_a_step_leads_to_what_it_changed(lesson, page, went, qtbot) -> None:
    page.steps.setCurrentRow(0)
    qtbot.keyClick(page.steps, Qt.Key.Key_Return)
    [(where, view)] = went
    assert (where, view.rpartition(":")[0]) == ("members", "record:person")


def test_quotas_are_told_together_the_worst_first(world, tools, qtbot, went) -> None:  # noqa: F811
    made = world("huawu-primary", today="2026-05-10")
    made.school("花坞小学", role="school")
    for name in "甲乙丙":
        made.person(name, school="花坞小学", joined="1995-09")
    for number in range(10):
        lesson = made.lesson("丙", f"2026-04-{number + 1:02}")
        made.observe("甲", lesson, on=f"2026-04-{number + 1:02}")
    page = HomePage(
        tools, made.services, made.services.adoptions.current(), lambda *to: went.append(to)
    )
    qtbot.addWidget(page)
    page.refresh(None)
    page.show()
    told = _lines(page.quotas)
    row = next(n for n, text in enumerate(told) if text.startswith("听课　"))
    assert told[row] == "听课　1/3 人完成，2 人按目前进度完不成"
    assert told[0] != told[row], "what nobody has begun is worse"
    page.quotas.lines.setCurrentRow(row)
    qtbot.keyClick(page.quotas.lines, Qt.Key.Key_Return)
    assert went == [("assessment", "progress:observe")]


def test_what_everybody_handed_in_is_no_longer_ahead() -> None:
    one, two = (Subject("unit", name, name) for name in ("甲校", "乙校"))
    june = date(2026, 6, 30)
    lines = [
        DeadlineLine("report", "上报", one, june, 9, done=True),
        DeadlineLine("report", "上报", two, june, 9, done=False),
        DeadlineLine("plan", "计划", one, june, 9, done=True),
        DeadlineLine("old", "总结", one, date(2026, 6, 1), -20, done=False),
    ]
    [ahead] = _ahead(lines)
    assert (ahead.name, ahead.days_left, ahead.text) == ("上报", 9, "1/2 个单位已交")
