"""S22 义务教育均衡发展: figures with standard, actual and gap; someone in charge of the archive."""

from decimal import Decimal

import pytest


@pytest.fixture
def w(world):
    w = world("balanced-development", year=2025, today="2026-08-31", community="安达小学")
    w.school("安达小学", role="school")
    return w


@pytest.mark.parametrize(
    ("key", "actual", "standard", "gap"),
    [
        ("backbone", "1.76", "1", "0"),
        ("arts", "0.73", "0.9", "0.17"),  # 0.9 - 0.73
        ("arts", "0.9", "0.9", "0"),  # exactly on the line
        ("rooms", "2.56", "4.5", "1.94"),  # 4.5 - 2.56
        ("equipment", "1785.77", "2000", "214.23"),  # 2000 - 1785.77
        ("media-rooms", "3.08", "2.3", "0"),
        ("retention", "99.9", "100", "0.1"),
        ("training-funds", "5", "5", "0"),
    ],
)
def test_the_figures_of_the_source(w, key, actual, standard, gap):
    w.figure(key, float(actual))
    found = w.figures(key)
    assert (found.actual, found.standard.at_least, found.gap) == (
        Decimal(actual),
        Decimal(standard),
        Decimal(gap),
    )


def test_a_figure_that_nobody_entered_is_not_zero(w):
    assert w.figures("education") is None
    w.figure("education", 0)
    assert w.figures("education").gap == Decimal("4.2")


def test_targets_of_three_years(w):
    from app.services.schemes.catalogue import preset

    scheme = preset("balanced-development").scheme
    assert scheme.scheme.year.cycle_years == 3
    figures = {one.key: one for one in scheme.figure}
    wanting = [key for key, one in figures.items() if one.targets]
    assert wanting == ["arts", "rooms", "equipment"]  # those that the source calls 不达标准
    for key in wanting:
        assert len(figures[key].targets) == 3
        assert figures[key].targets[-1] == figures[key].standard.at_least
        assert figures[key].placeholder


def test_one_person_answers_for_the_archive(w):
    from app.services.schemes.catalogue import preset

    roles = {one.key: one for one in preset("balanced-development").scheme.community.roles}
    assert (roles["archivist"].min, roles["archivist"].max) == (1, 1)
    assert "存档管理" in roles["archivist"].note


def test_sports_once_a_year(w):
    assert w.progress("sports").reached is False
    w.activity("sports", "2026-08-31")  # last day of the school year
    assert w.progress("sports").reached is True
    assert w.progress("festival").done == 0


def test_applications_fill_their_item(w):
    # four applications for 3 points: two of four give 1.5
    w.file("staff-application", community=True, on="2025-10-01")
    w.file("building-application", community=True, on="2025-10-01")
    assert w.item("4.1").points == Decimal("1.5")
    assert any("教学仪器设备补充申请" in line for line in w.missing())


def test_somebody_must_be_named_for_the_archive(w):
    def lacking():
        return [one.what for one in w.findings() if one.kind == "limit"]

    assert any("档案材料负责人" in what for what in lacking())
    w.person("李档案", school="安达小学", role="archivist")
    assert not any("档案材料负责人" in what for what in lacking())
