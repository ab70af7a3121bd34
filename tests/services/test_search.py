"""Search: right for any length, as ``instr`` would be, and in step with every change."""

import pytest

from app.models import School
from app.services.search import folding as fulltext
from app.services.search import snippet

NAMES = [
    "马市坪乡中心小学", "馬市坪鄉小學", "蒲城县第一小学", "蒲城县第一小学（东校区）", "实验小学 2025",
    "ＡＢＣ国际学校", "𬱖𫖯学校", "教研·共同体学校", "a-b 学校",
]  # fmt: skip


@pytest.fixture
def schools(services):
    with services.archive.uow.write("新增单位") as session:
        session.add_all([School(name=name) for name in NAMES])
    return services


@pytest.mark.parametrize(
    "query", ["小", "市坪", "小学", "第一小学", "城县第", "馬市坪鄉小學", "𬱖", "abc", "2025"]
)
def test_as_many_as_instr_finds(schools, query) -> None:
    all_names = [*NAMES, "蒲城县实验小学"]
    wanted = {name for name in all_names if fulltext.fold(query) in fulltext.fold(name)}
    found = schools.search.find(query)
    assert wanted
    assert {hit.title for hit in found.hits if hit.kind == "school"} == wanted


def test_several_words_must_all_be_there(schools) -> None:
    assert [hit.title for hit in schools.search.find("小学 东校区").hits] == [
        "蒲城县第一小学（东校区）"
    ]


@pytest.mark.parametrize(
    "query", ["", "  ", "（）", '"', "*", "AND", "a OR b", "NEAR(", "'; DROP TABLE x"]
)
def test_odd_queries_are_only_text(schools, query) -> None:
    assert schools.search.find(query).total >= 0


def test_the_newest_come_first_and_the_total_is_exact(schools) -> None:
    found = schools.search.find("学", limit=3)
    assert found.total >= len(NAMES) - 1
    assert len(found.hits) == 3


def test_the_snippet_shows_the_place() -> None:
    body = "前" * 50 + "集体备课记录" + "后" * 80
    assert snippet(body, "备课").startswith("…" + "前" * 10 + "集体备课")
    assert snippet("短文", "没有") == "短文"


def test_the_index_follows_words_but_not_marks(schools, tmp_path) -> None:
    from app.services.evidence.service import EvidenceEdit

    paper = tmp_path / "签到.txt"
    paper.write_text("二〇二五年秋季教研签到", encoding="utf-8")
    piece = schools.evidence.ingest([paper]).added[0].id
    schools.evidence.read_texts()
    schools.evidence.edit([piece], EvidenceEdit(sealed=True, pages=2))
    assert schools.search.find("秋季教研").total == 1
    schools.evidence.edit([piece], EvidenceEdit(title="秋季签到表"))
    assert schools.search.find("秋季签到表").hits[0].id == piece
    assert schools.search.find("秋季教研").total == 1
