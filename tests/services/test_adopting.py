"""Adopting schemes and changing them: what a change does is told before, kept after, and undone whole."""

import pytest
from sqlalchemy import select

from app.errors import ConflictError, ValidationError
from app.models import AssessmentItem, EvidenceLink, Rubric, SchemeVersion
from app.services.schemes.catalogue import preset


@pytest.fixture
def text() -> str:
    return preset("pucheng-workshop").text


@pytest.fixture
def view(services):
    return services.adoptions.current()


def items(services, view):
    return {
        item.no: (item.id, item.name, item.points) for item in services.adoptions.items(view.id)
    }


def piece(services, view, no, tmp_path):
    path = tmp_path / "计划.txt"
    path.write_text("年度计划", encoding="utf-8")
    from app.services.evidence.service import Destination

    to = Destination(adoption_id=view.id, item_id=items(services, view)[no][0])
    return services.evidence.ingest([path], to).added[0].id


def test_another_year_and_another_community(services, view, text) -> None:
    adopting = services.adopting
    made = adopting.adopt(view.community_id, 2026, text, {"contest-year": "2026"})
    assert {one.id for one in services.adoptions.all()} == {view.id, made}
    assert services.adoptions.current(2026).starts_on.isoformat() == "2026-09-01"
    with pytest.raises(ConflictError, match="已经采用了方案"):
        adopting.adopt(view.community_id, 2026, text, {})
    with pytest.raises(ValidationError):
        adopting.adopt(view.community_id, 2027, text.replace('by = "lines"', 'by = "line"'), {})


def test_a_preset_that_changes_later_does_not_change_what_was_adopted(services, view, text) -> None:
    before = services.adoptions.scheme(view.id)
    assert before.scheme.name == "蒲城县“名师+”研修共同体考核（名师工作坊）"
    services.adopting.change(view.id, text.replace("名师工作坊）", "改过）", 1), reason="改名")
    assert services.adoptions.scheme(view.id).scheme.name.endswith("改过）")
    assert preset("pucheng-workshop").text == text


def test_effect_tells_and_changes_nothing(services, view, text, tmp_path) -> None:
    piece(services, view, "1.2", tmp_path)
    changed = (
        text.replace('{ no = "1.2", name = "制度与分工"', '{ no = "1.2", name = "规章"')
        .replace('no = "2.1", name = "示范课", points = 10', 'no = "2.1", name = "示范课", points = 12')
        .replace("points = 25", "points = 27", 1)
    )  # fmt: skip
    before = items(services, view)
    effect = services.adopting.effect(view.id, changed)
    words = [line.words for line in effect.lines]
    assert "1.2 制度与分工 改为 1.2 规章" in words
    assert "2.1 示范课：10 分 → 12 分" in words
    assert effect.blocked == ()
    assert items(services, view) == before
    assert services.adoptions.current().version == 1


def test_items_keep_their_materials_when_numbers_change_places(
    services, view, text, tmp_path
) -> None:
    evidence = piece(services, view, "1.1", tmp_path)
    before = items(services, view)
    swapped = (
        text.replace('no = "1.1"', 'no = "x"')
        .replace('no = "1.2"', 'no = "1.1"')
        .replace('no = "x"', 'no = "1.2"')
    )  # fmt: skip
    assert services.adopting.change(view.id, swapped, reason="换序") == 2
    after = items(services, view)
    assert after["1.2"][:2] == before["1.1"][:2]
    assert after["1.1"][:2] == before["1.2"][:2]
    assert [no for _id, no in services.catalogue.get(evidence).placed] == ["1.2 工作计划与总结"]
    services.history.undo()
    assert items(services, view) == before
    services.history.redo()
    assert items(services, view) == after


def test_what_lay_under_an_item_that_is_gone_stays_in_the_archive(
    services, view, text, tmp_path
) -> None:
    evidence = piece(services, view, "1.4", tmp_path)
    services.entering.set_points(
        view.id, items(services, view)["1.4"][0], None, 2, role="self", assessor=""
    )
    start = text.index('  { no = "1.4"')
    without = text[:start] + text[text.index("\n", start) + 1 :]
    without = without.replace("points = 15", "points = 12", 1)
    effect = services.adopting.effect(view.id, without)
    assert any("取消 1.4 例会与考勤，其下 1 份材料" in line.words for line in effect.lines)
    services.adopting.change(view.id, without)
    assert "1.4" not in items(services, view)
    assert services.catalogue.get(evidence).placed == ()
    services.history.undo()
    assert len(services.catalogue.get(evidence).placed) == 1
    assert services.entering.points(view.id)[0].points == 2


def test_versions_are_kept_and_one_can_be_taken_again(services, view, text) -> None:
    adopting = services.adopting
    adopting.change(
        view.id, text.replace("at_least = 85", "at_least = 90"), reason="县里提高了分数线"
    )
    adopting.change(view.id, text.replace("at_least = 85", "at_least = 80"), reason="又降了")
    found = adopting.versions(view.id)
    assert [(one.version, one.changed_for, one.current) for one in found] == [
        (3, "又降了", True),
        (2, "县里提高了分数线", False),
        (1, "", False),
    ]
    adopting.change(view.id, found[-1].text, reason="恢复第 1 版")
    assert adopting.versions(view.id)[0].text == text
    with pytest.raises(ValidationError, match="没有改动"):
        adopting.change(view.id, text)
    with services.archive.uow.read() as session:
        assert len(session.scalars(select(SchemeVersion)).all()) == 3


def test_rubrics_of_the_scheme_come_with_it(services, view) -> None:
    names = {one.name for one in preset("S08").scheme.rubric}
    assert names
    services.adopting.adopt(view.community_id, 2030, preset("S08").text, {})
    with services.archive.uow.read() as session:
        assert names <= set(session.scalars(select(Rubric.name)))
        assert not session.scalars(select(EvidenceLink)).all()
        assert session.scalars(select(AssessmentItem)).all()
