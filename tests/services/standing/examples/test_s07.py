"""S07 片区学科教学展示: speeches, slides checked the day before, certificates with the office's stamp."""

from collections import Counter
from datetime import date

import pytest


@pytest.fixture
def w(world):
    w = world("hujia-subject-show", year=2025, today="2026-05-26", community="胡家片区教研共同体")
    w.school("毛坝职业技术学校", role="organising")
    w.school("胡家中学", role="area")
    w.person("王道友", school="毛坝职业技术学校")
    w.person("徐谯", school="胡家中学")
    return w


def test_what_a_show_leaves(w):
    show = w.activity("show", "2026-05-25")
    w.lesson("王道友", activity=show)
    w.lesson("徐谯", activity=show)
    gaps = Counter({one.slot: one.count for one in w.findings() if one.kind == "slot"})
    # one speech of each of two subjects; slides, design and certificate of each of two lessons;
    # banners are optional
    assert gaps == {
        "agenda": 1, "invitation": 1, "sign-in": 1, "slides": 2, "design": 2, "opening-speech": 1,
        "exchange-speech": 2, "closing-speech": 1, "certificate": 2, "photos": 1, "video": 1,
        "news": 1,
    }  # fmt: skip
    w.file("exchange-speech", activity=show)
    (speech,) = [one for one in w.findings() if one.slot == "exchange-speech"]
    assert speech.count == 1


def test_slides_are_looked_at_the_day_before(w):
    w.lesson("王道友", activity=w.activity("show", "2026-05-25"))
    (slides,) = [one for one in w.findings() if one.slot == "slides" and one.kind == "slot"]
    assert slides.due == date(2026, 5, 24)
    assert slides.overdue  # today is the 26th


def test_certificates_bear_the_stamp_of_the_research_office(w):
    lesson = w.lesson("王道友", activity=w.activity("show", "2026-05-25"))
    w.file("certificate", lesson=lesson, sealed=False)
    assert [one.what for one in w.findings() if one.kind == "seal"] == ["没有盖教研室公章"]


def test_other_papers_and_stamped_certificates_need_no_stamp(w):
    show = w.activity("show", "2026-05-25")
    w.file("certificate", lesson=w.lesson("王道友", activity=show), sealed=True)
    w.file("agenda", activity=show, sealed=False)
    assert not [one for one in w.findings() if one.kind == "seal"]


def test_the_show_is_done_when_nothing_is_missing(w):
    show = w.activity("show", "2026-05-25")
    w.lesson("王道友", activity=show)
    assert w.progress("show").done == 0
    w.fill(show)
    assert (w.progress("show").done, w.progress("show").reached) == (1, True)
    assert next(one for one in w.deadlines() if one[1] == "参加活动人员报到、检查课件")[3] is True
