"""A new archive: complete at once, or not there at all."""

from datetime import date

import pytest

from app.bootstrap import create_services
from app.errors import NotFoundError, ValidationError
from app.services.setup import NewArchive, complaints, likely_year


def test_workshop_and_workstation_have_their_own_covers(tmp_path, context) -> None:
    with create_services(
        tmp_path / "点", NewArchive("S01", "王芳名师工作点", "兴镇小学", 2025, "王芳"), context
    ) as services:
        adopted = services.adoptions.current()
        assert adopted.scheme_key == "pucheng-workstation"
        assert services.records.page("members").items[0]["name"] == "王芳"
        assert adopted.period == "2025—2026学年"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (NewArchive("S01", " ", "乙校", 2025), "community"),
        (NewArchive("S01", "甲坊", "", 2025), "school"),
        (NewArchive("S01", "甲坊", "乙校", 25), "year"),
        (NewArchive("pucheng-workstation", "甲坊", "乙校", 2025), "person"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_made(tmp_path, context, wanted, field) -> None:
    assert list(complaints(wanted)) == [field]
    with pytest.raises(ValidationError):
        create_services(tmp_path / "库", wanted, context)
    assert not list(tmp_path.iterdir())


def test_an_unknown_scheme_is_refused_with_those_there_are(tmp_path, context) -> None:
    with pytest.raises(NotFoundError, match="pucheng-workshop"):
        create_services(tmp_path / "库", NewArchive("S99", "甲", "乙", 2025), context)
    assert not list(tmp_path.iterdir())


def test_the_likely_year_changes_in_august() -> None:
    assert [likely_year(date(2026, month, 1)) for month in (1, 7, 8, 12)] == [
        2025,
        2025,
        2026,
        2026,
    ]


def test_terms_follow_the_scheme(services) -> None:
    from sqlalchemy import select

    from app.models import SchoolYear

    with services.archive.uow.read() as session:
        year = session.scalars(select(SchoolYear)).one()
        assert (year.starts_on, year.ends_on) == (date(2025, 9, 1), date(2026, 8, 31))
        assert [term.starts_on.year for term in year.terms] == [2025, 2026]


def test_what_an_archive_begins_with_cannot_be_undone(services) -> None:
    assert services.history.undo_label() is None
    assert services.history.recent()[0].action == "建立档案库"
