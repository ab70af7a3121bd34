"""The plain lists and the view of one record, as the command line shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import NotFoundError

if TYPE_CHECKING:
    from app.bootstrap import Services

PHONE = "13800138000"


@pytest.fixture
def adoption_id(services: Services) -> str:
    return services.adoptions.current().id


def test_private_numbers_are_masked_in_the_history_too(
    services: Services, adoption_id: str
) -> None:
    person = services.entries.create("person", {"name": "赵一", "phone": PHONE}, adoption_id)
    services.entries.change("person", person, {"phone": "13900139000"}, adoption_id)
    shown = services.records.show(person)
    assert shown["phone"] == "139****9000"
    assert shown["history"][0]["before"] == {"phone": "138****8000"}
    assert PHONE not in str(shown)


def test_what_uses_a_record_hangs_on_it(services: Services, adoption_id: str) -> None:
    teacher = services.entries.create("person", {"name": "赵一"}, adoption_id)
    lesson = services.entries.create(
        "lesson", {"teacher_id": teacher, "title": "分数", "taught_on": "2025-10-01"}, adoption_id
    )
    assert {"id": lesson, "title": "分数"} in services.records.show(teacher)["used_by"]["lesson"]


def test_a_deleted_record_says_who_deleted_it(services: Services, adoption_id: str) -> None:
    person = services.entries.create("person", {"name": "赵一"}, adoption_id)
    services.entries.delete("person", [person])
    with pytest.raises(NotFoundError, match=r"王芳 2026-03-02 .*删除人员 1 人"):
        services.records.show(person)
    with pytest.raises(NotFoundError, match="找不到"):
        services.records.show("01a2026c")


@pytest.mark.parametrize("words", ["😀", "。，", '"'])
def test_words_without_a_letter_are_found_nowhere(services: Services, words: str) -> None:
    assert services.records.page("schools", words).total == 0
    assert services.records.page("schools", "  ").total == 1
