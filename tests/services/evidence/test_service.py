"""What is done with evidence once it is in: texts for the search, edits, deletion."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.errors import CancelledError, NotFoundError, ValidationError
from app.progress import CancelFlag
from app.services.evidence.service import EvidenceEdit
from app.services.safety.check import check
from app.services.search.folding import fold

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services


@pytest.fixture
def added(services: Services, tmp_path: Path) -> list[str]:
    folder = tmp_path / "待收"
    folder.mkdir()
    for number in range(50):
        text = f"第{number}次集体备课，主备人张桂芳，内容为分数的初步认识。"
        (folder / f"记录{number}.txt").write_text(text, encoding="utf-8")
    return [one.id for one in services.evidence.ingest([folder]).added]


@pytest.mark.parametrize("length", [1, 2, 3, 6])
def test_search_finds_what_instr_finds_in_the_samples(
    services: Services, samples: Path, length: int
) -> None:
    services.evidence.ingest([samples / "office", samples / "pdf", samples / "sheets"])
    assert services.evidence.read_texts() > 60
    with services.archive.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.id, e.title || char(10) || e.original_name || char(10) || "
            "coalesce(t.text, '') FROM evidence e "
            "LEFT JOIN evidence_text t ON t.sha256 = e.sha256"
        ).all()
    texts = {evidence_id: fold(text) for evidence_id, text in rows}
    dice = random.Random(length)  # noqa: S311 - the same words each time
    words: set[str] = set()
    for text in texts.values():
        places = [
            place for place in range(len(text) - length) if text[place : place + length].isalnum()
        ]
        words.update(text[p : p + length] for p in dice.sample(places, min(3, len(places))))
    assert len(words) > (30 if length == 1 else 100)
    for word in sorted(words):
        wanted = {evidence_id for evidence_id, text in texts.items() if word in text}
        found = services.search.find(word, limit=1000)
        assert {hit.id for hit in found.hits if hit.kind == "evidence"} == wanted, word
        assert found.total == len(found.hits)
    assert services.search.find("龘䶮𠀀").total == 0


def test_reading_texts_can_be_stopped_and_repeated(services: Services, added: list[str]) -> None:
    class Stop(CancelFlag):
        def report(self, done: int, total: int, text: str = "") -> None:
            assert total == 50
            self.cancelled = done >= 30
            super().report(done, total, text)

    with pytest.raises(CancelledError):
        services.evidence.read_texts(Stop())
    assert services.search.find("张桂芳").total == 20  # in parcels of twenty, each whole
    assert services.evidence.read_texts() == 30
    assert services.search.find("张桂芳").total == len(added)
    assert services.evidence.read_texts() == 0


def test_the_text_of_a_lost_file_waits_until_it_is_back(
    services: Services, added: list[str], tmp_path: Path
) -> None:
    place = services.evidence.path(added[0])
    content = place.read_bytes()
    place.unlink()
    assert services.evidence.read_texts() == 49
    back = tmp_path / "找回.txt"
    back.write_bytes(content)
    services.evidence.ingest([back])
    assert services.evidence.read_texts() == 1
    assert services.search.find("主备人").total == 50


def test_edit_sets_what_is_given_and_undoes_as_one_step(
    services: Services, added: list[str]
) -> None:
    some = added[:3]
    services.evidence.edit(
        some,
        EvidenceEdit(
            title="  集体备课\n记录 ",
            dated_on="2025年10月15日",
            pages=4,
            sealed=True,
            author="王芳",
        ),
    )
    for evidence_id in some:
        row = services.catalogue.get(evidence_id).row
        assert (row.title, row.dated_on, row.pages, row.sealed, row.author) == (
            "集体备课 记录", date(2025, 10, 15), 4, True, "王芳",
        )  # fmt: skip
    services.evidence.edit(some, EvidenceEdit(dated_on="", pages=-1))
    row = services.catalogue.get(some[0]).row
    assert (row.dated_on, row.pages) == (None, None)
    assert services.history.undo() == "修改材料 3 份"
    assert services.catalogue.get(some[0]).row.pages == 4
    assert services.history.undo() == "修改材料 3 份"
    assert services.catalogue.get(some[0]).row.title == "记录0"


@pytest.mark.parametrize(
    "wrong",
    [
        EvidenceEdit(title="  "),
        EvidenceEdit(dated_on="去年秋天"),
        EvidenceEdit(dated_on="2025-02-30"),
        EvidenceEdit(dated_on="1760488212345"),
        EvidenceEdit(pages=10_000),
    ],
)
def test_impossible_values_are_refused_in_words_and_change_nothing(
    services: Services, added: list[str], wrong: EvidenceEdit
) -> None:
    before = services.catalogue.get(added[0])
    with pytest.raises(ValidationError) as caught:
        services.evidence.edit(added[:2], wrong)
    assert "请" in caught.value.sentence
    assert services.catalogue.get(added[0]) == before


def test_what_is_gone_is_not_edited_and_the_others_neither(
    services: Services, added: list[str]
) -> None:
    services.evidence.delete([added[1]])
    with pytest.raises(NotFoundError):
        services.evidence.edit(added[:2], EvidenceEdit(title="新"))
    assert services.catalogue.get(added[0]).row.title == "记录0"


def test_deleting_takes_evidence_out_of_items_boxes_and_search(
    services: Services, added: list[str]
) -> None:
    adopted = services.adoptions.current().id
    item = next(i.id for i in services.adoptions.items(adopted) if i.parent_id)
    services.evidence.read_texts()
    services.evidence.place(added[:5], item)
    services.evidence.edit(added[:5], EvidenceEdit(pages=1))
    services.boxes.plan(adopted)
    services.evidence.delete(added[:2])
    assert services.search.find("主备人").total == 48
    assert sum(len(box.rows) for box in services.boxes.boxes(adopted)) == 3
    services.history.undo()
    assert sum(len(box.rows) for box in services.boxes.boxes(adopted)) == 5
    assert check(services.archive, full=True).problems == ()
