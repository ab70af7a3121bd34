"""Search: right for any length, as ``instr`` would be, and in step with every change."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import ValidationError
from app.models import Activity, Community, Person, School
from app.services.search import holding, snippet
from app.services.search.folding import fold

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
    wanted = {name for name in all_names if fold(query) in fold(name)}
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
    assert snippet(body, ["备课"]).startswith("…" + "前" * 10 + "集体备课")
    assert snippet("短文", ["没有"]) == "短文"


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


def test_the_snippet_finds_a_traditional_place_deep_in_a_long_document() -> None:
    body = "前" * 9000 + "集體備課" + "后" * 9000
    assert "集體備課" in snippet(body, ["集体备课"])


@pytest.mark.parametrize("query", ["馬市坪鄉小学", "马市坪乡小學", "ａｂｃ", "ABC"])
def test_traditional_simplified_and_width_find_each_other(schools, query) -> None:
    wanted = "馬市坪鄉小學" if "市" in query else "ＡＢＣ国际学校"
    hit = schools.search.find(query).hits[0]
    assert hit.title == wanted
    assert hit.title_marks == ((0, len(query)),)


@pytest.mark.parametrize("query", ["zhangsanfeng", "zsf", "zhang san", "zs", "ZhangSF", "sanf"])
def test_people_are_found_by_pinyin(services, query) -> None:
    with services.archive.uow.write("新增人员") as session:
        session.add_all([Person(name="张三丰"), Person(name="李四")])
    found = services.search.find(query, kinds=["person"])
    assert [hit.title for hit in found.hits] == ["张三丰"]
    assert found.total == 1


@pytest.fixture
def year(services):
    """Two schools with an activity each, one before and one in the school year."""
    with services.archive.uow.write("录入") as session:
        community = session.query(Community).first()
        for number, (name, day) in enumerate(
            [("东校", date(2025, 6, 1)), ("西校", date(2025, 10, 1))]
        ):
            school = School(name=name)
            activity = Activity(community=community, title=f"同课异构{number}", held_on=day)
            session.add_all([school, activity])
            session.flush()
            from app.models import ActivityUnit

            session.add(ActivityUnit(activity=activity, school=school, role="主办"))
    return services


def test_hits_come_newest_first_with_their_day(year) -> None:
    hits = year.search.find("同课异构").hits
    assert [(hit.title, hit.dated) for hit in hits] == [
        ("同课异构1", "2025-10-01"), ("同课异构0", "2025-06-01"),
    ]  # fmt: skip


def test_a_search_is_narrowed_by_kind_day_and_school(year) -> None:
    def titles(query: str, **narrowed: object) -> list[str]:
        found = year.search.find(query, **narrowed)
        assert found.total == len(found.hits)
        return [hit.title for hit in found.hits]

    east = year.search.find("东校", kinds=["school"]).hits[0].id
    assert titles("东校", kinds=["school"]) == ["东校"]
    assert titles("东校", kinds=["school", "activity"]) == ["同课异构0", "东校"]
    assert titles("同课", school_id=east) == ["同课异构0"]
    assert titles("同课", since=date(2025, 9, 1)) == ["同课异构1"]
    assert titles("同课", until=date(2025, 6, 1)) == ["同课异构0"]
    assert titles("东", until=date(2100, 1, 1)) == ["同课异构0"]  # a school has no day


def test_the_total_is_exact_beyond_the_limit(schools) -> None:
    found = schools.search.find("学", limit=2)
    assert found.total == schools.search.find("学", limit=100).total > 2
    assert len(found.hits) == 2


@pytest.mark.parametrize("ask", ["find", "holding"])
def test_a_query_that_nobody_types_is_refused_in_words(services, ask) -> None:
    with pytest.raises(ValidationError, match="太长"):
        services.search.find("啊" * 100_000) if ask == "find" else holding(School, "啊" * 100_000)


@pytest.mark.parametrize("many", [2, 2000])
def test_a_list_holds_the_same_records_whichever_way_it_is_asked(
    schools, many, monkeypatch
) -> None:
    monkeypatch.setattr("app.services.search.finding._MANY", many)
    with schools.archive.uow.read() as session:
        for query in ("小学", "東校", "龘"):
            plain = session.scalars(select(School.name).where(holding(School, query)))
            asked = session.scalars(select(School.name).where(holding(School, query, session)))
            assert sorted(plain) == sorted(asked)
        found = select(School.name).where(holding(School, "马市坪", session))
        assert set(session.scalars(found)) == {"馬市坪鄉小學", "马市坪乡中心小学"}
