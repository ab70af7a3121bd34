"""S18 绛县: fine lesson plans from the topic to the publication, about ninety of them, by month."""

from datetime import date

import pytest

from app.models import EvidenceLink


@pytest.fixture
def studio(world):
    w = world("jiangxian-math", year=2025, today="2026-05-31")
    w.school("绛县教研室", role="office")
    w.school("城关中心校", role="central")
    w.school("横水中心校", role="central")
    return w


def plan(w, title, host):
    return w.activity(
        "fine-plan", "2026-03-10", title=title, organizer=("绛县教研室",), host=(host,)
    )


def test_a_plan_goes_through_its_steps(studio):
    lesson = plan(studio, "认识分数", "城关中心校")
    asked = [line for line in studio.missing() if "认识分数" in line]
    steps = ("内容与重难点", "精品教案初稿", "研讨修改意见", "精品教案定稿", "发布网址或截图")
    for name in steps:
        assert any(name in line for line in asked), name
    (draft,) = [line for line in asked if "初稿" in line]
    assert "（城关中心校）" in draft  # of the two central schools the one that took it on
    (opinion,) = [line for line in asked if "研讨修改意见" in line]
    assert "（绛县教研室）" in opinion
    studio.fill(lesson, "topic", "draft", "revision-record", "final")
    (left,) = [line for line in studio.missing() if "认识分数" in line]
    assert "发布网址或截图" in left


def test_ninety_final_plans(studio):
    lessons = [plan(studio, f"第{n}单元", "城关中心校") for n in (1, 2, 3)]
    # the 89 at once: one by one they would take seconds
    pieces = [studio._piece(None, sealed=False, level="", title="") for _ in range(89)]
    for number, piece in enumerate(pieces):
        piece.dated_on = date(2026, 4, 30)
        piece.links.append(EvidenceLink(activity_id=lessons[number % 3], slot="final"))
    with studio.services.archive.uow.write("准备") as session:
        session.add_all(pieces)
    line = studio.progress("ninety")
    assert (line.done, line.required, line.reached) == (89, 90, False)
    studio.file("final", activity=lessons[0], on="2026-05-31")
    line = studio.progress("ninety")
    assert (line.done, line.reached) == (90, True)


def test_work_by_month(studio):
    days = [(day, done) for day, _name, _who, done in studio.deadlines()]
    assert [day for day, _done in days] == [
        date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31),
    ]  # fmt: skip
    assert not any(done for _day, done in days)
    studio.file("goals", community=True, on="2026-03-31")
    assert [done for *_rest, done in studio.deadlines()] == [True, False, False]


def test_english_studio_asks_for_its_four_tasks(world):
    w = world("jiangxian-english", year=2025, today="2026-06-30")
    lines = w.missing()
    for name in (
        "掌握程度",
        "认读单词和四会单词整理",
        "高效课堂教学模式总结",
        "教学困惑收集与解答",
    ):
        assert any(name in line for line in lines), name
    w.file("words", community=True, on="2026-04-01")
    assert not any("四会单词" in line for line in w.missing())
