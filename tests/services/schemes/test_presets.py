"""The shipped presets, and what boxes and evidence ask of them."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app.errors import NotFoundError
from app.services.schemes.catalogue import preset, presets
from app.services.schemes.lookup import (
    Piece,
    cover_lines,
    in_window,
    match_folder,
    needs_seal,
    table_items,
    unknown_on_cover,
)

FACTS = {
    "community.name": "蒲城县小学数学名师工作坊",
    "unit.name": "蒲城县实验小学",
    "person.name": "张䶮",
    "period": "2025年9月—2026年6月",
}


@pytest.fixture(scope="module")
def workshop():
    return preset("pucheng-workshop").scheme


@pytest.fixture(scope="module")
def workstation():
    return preset("pucheng-workstation").scheme


def test_a_preset_is_found_by_id_and_by_code():
    assert preset("S01").summary.id == "pucheng-workshop"
    assert preset("s01", assesses="person").summary.id == "pucheng-workstation"
    assert preset("Pucheng-Workstation").scheme.scheme.assesses == "person"
    assert [one.id for one in presets() if one.code == "S01"] == [
        "pucheng-workshop",
        "pucheng-workstation",
    ]


def test_unknown_preset_names_those_there_are():
    with pytest.raises(NotFoundError) as caught:
        preset("S99")
    assert "S99" in caught.value.text
    assert "pucheng-workstation" in caught.value.hint


def test_text_of_a_preset_is_the_scheme_itself():
    from app.services.schemes.loader import load

    chosen = preset("S01")
    assert load(chosen.text) == chosen.scheme


def test_list_of_presets_needs_no_pydantic():
    code = (
        "import sys; from app.services.schemes.catalogue import presets; import"
        " app.services.schemes.lookup; assert presets(); print('pydantic' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", ["pucheng-workshop", "pucheng-workstation"])
def test_example_table_has_100_points_and_is_marked_as_example(name):
    scheme = preset(name).scheme
    items = table_items(scheme)
    assert 15 <= len(items) <= 20
    assert sum(item.points for item in items) == 100
    assert all(group.placeholder for group in scheme.table)
    assert scheme.grade[0].placeholder
    assert [line.name for line in scheme.grade[0].rule.lines] == ["优秀", "合格", "不合格"]
    assert "示例" in scheme.table[0].note
    assert "示例" in scheme.scheme.note


def test_items_come_in_the_order_of_the_table(workshop):
    numbers = [item.item_no for item in table_items(workshop)]
    assert numbers == sorted(numbers)
    assert table_items(workshop)[0].group_name == "组织管理"


def test_covers_of_the_source(workshop, workstation):
    name, person, unit, period = (
        FACTS[k] for k in ("community.name", "person.name", "unit.name", "period")
    )
    assert [text for _label, text in cover_lines(workshop, FACTS)] == [name, unit, period]
    assert [text for _label, text in cover_lines(workstation, FACTS)] == [
        name, person, unit, period,
    ]  # fmt: skip
    assert cover_lines(workshop, FACTS, "workstation") == cover_lines(workstation, FACTS)


def test_a_gap_on_the_cover_is_named(workstation):
    without = {name: text for name, text in FACTS.items() if name != "person.name"}
    assert cover_lines(workstation, without)[1] == ("名　师", "")
    assert unknown_on_cover(workstation, without) == ("个人姓名",)
    assert unknown_on_cover(workstation, {**FACTS, "person.name": " "}) == ("个人姓名",)
    assert unknown_on_cover(workstation, FACTS) == ()
    with pytest.raises(NotFoundError, match="封面“big”"):
        cover_lines(workstation, FACTS, "big")


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2026, 2, 28), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
        (None, None),
    ],
)
def test_material_window_of_the_year(workshop, day, inside):
    assert in_window(workshop, day, year=2025) is inside


@pytest.mark.parametrize(
    "piece", [Piece(slot="certificate", owner_role="assisted"), Piece(item="4.3")]
)
def test_certificates_of_the_assisted_count_in_one_calendar_year(workshop, piece):
    def inside(day, answer):
        return in_window(workshop, day, year=2025, piece=piece, answers={"contest-year": answer})

    assert inside(date(2025, 3, 1), 2025) is True
    assert inside(date(2026, 1, 1), "2025") is False
    assert inside(date(2026, 1, 1), "end") is True
    assert inside(date(2026, 1, 1), "") is None
    assert in_window(workshop, date(2025, 3, 1), year=2025, piece=Piece(slot="certificate")) is (
        False
    )


def test_everything_bears_the_school_seal(workshop, workstation):
    assert needs_seal(workshop) == needs_seal(workstation) == "学校公章"
    assert needs_seal(workshop, Piece(slot="proof")) == "学校公章"


@pytest.mark.parametrize(
    ("folder", "number"),
    [
        ("01 计划总结", "1.1"),
        ("示范课", "2.1"),
        ("２.３送教", "2.3"),
        ("4.1", "4.1"),
        ("4.10", None),
        ("帮扶计划", "4.1"),
        ("听评课", "3.3"),
        ("获奖证书", "5.2"),
        ("帮扶对象获奖证书", "4.3"),
        ("照片", None),
    ],
)
def test_folder_names_fall_in_place(workshop, folder, number):
    assert match_folder(workshop, ["2025材料", folder]) == number


def test_a_folder_that_says_nothing_takes_the_item_of_its_parent(workshop):
    assert match_folder(workshop, ["02 示范课", "9月12日", "照片"]) == "2.1"
    assert match_folder(workshop, []) is None
