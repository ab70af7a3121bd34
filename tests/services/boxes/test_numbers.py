"""Which boxes are printed: as people type their numbers."""

from datetime import date

import pytest
from PIL import Image

from app.errors import NotFoundError, ValidationError
from app.services.boxes.numbers import typed_numbers
from app.services.boxes.service import BoxEdit
from app.services.evidence.service import Destination, EvidenceEdit
from app.services.forms.form import Request


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("1", {1}), ("1、3—5", {1, 3, 4, 5}), (" 2,4 ；6-7", {2, 4, 6, 7}), ("1到2", {1, 2})],
)
def test_numbers_as_they_are_typed(typed, numbers) -> None:
    assert typed_numbers(typed) == numbers


@pytest.mark.parametrize("typed", ["", "一", "0", "5-3", "1-", "1—99999", "1.5"])
def test_what_is_no_number_of_a_box(typed) -> None:
    with pytest.raises(ValidationError, match="不是盒号"):
        typed_numbers(typed)


@pytest.fixture
def two_boxes(services, adoption_id, tmp_path):
    services.settings.change(sheets_per_mm=1, spine_widths=(5.0,))
    for number, no in enumerate(("1.1", "2.1")):
        path = tmp_path / f"照片{number}.jpg"
        Image.new("RGB", (40, 30), (number * 90, 90, 120)).save(path)
        item = services.adoptions.find_item(adoption_id, no)
        [added] = services.evidence.ingest([path], Destination(item_id=item.id)).added
        services.evidence.edit([added.id], EvidenceEdit(pages=2))
    return services.boxes.plan(adoption_id).boxes


@pytest.fixture
def adoption_id(services) -> str:
    return services.adoptions.current().id


def test_some_boxes_are_printed(services, adoption_id, two_boxes) -> None:
    assert [(box.pieces, box.folios) for box in two_boxes] == [(1, "1—2"), (1, "1—2")]
    one, both = (
        len(services.forms.document(Request("cover", adoption_id, numbers)).sections)
        for numbers in (("2",), ("1", "2"))
    )
    assert both == 2 * one
    with pytest.raises(NotFoundError, match="没有第 3 盒"):
        services.forms.document(Request("cover", adoption_id, ("1", "3")))


def test_a_day_of_the_reference_sheet_can_be_taken_away(services, adoption_id, two_boxes) -> None:
    box = two_boxes[0]
    services.boxes.edit(box.id, BoxEdit(arranged_on=date(2026, 6, 24), arranged_by="李红霞"))
    services.boxes.edit(box.id, BoxEdit(arranged_on=""))
    box = services.boxes.boxes(adoption_id)[0]
    assert (box.arranged_on, box.arranged_by) == (None, "李红霞")


def test_pieces_are_transferred_as_one_step(services, adoption_id, two_boxes) -> None:
    first, second, third = (
        services.adoptions.find_item(adoption_id, no).id for no in ("1.1", "2.1", "3.1")
    )
    one, two = (box.rows[0].evidence_id for box in two_boxes)

    def placed(evidence_id):
        return [item_id for item_id, _label in services.catalogue.get(evidence_id).placed]

    services.evidence.transfer([(one, first), (two, second)], third)
    assert (placed(one), placed(two)) == ([third], [third])
    services.history.undo()
    assert (placed(one), placed(two)) == ([first], [second])
    services.evidence.transfer([(one, None)], second)
    assert placed(one) == [first, second], "put there as well"
    services.evidence.transfer([(one, first)], first)
    assert placed(one) == [first, second], "nothing to do"
    services.evidence.transfer([(one, first), (one, second)], None)
    assert placed(one) == []
    group = services.adoptions.items(adoption_id)[0].id
    with pytest.raises(ValidationError, match="具体的考核项"):
        services.evidence.transfer([(one, None)], group)
