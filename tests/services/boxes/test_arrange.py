"""Arithmetic of boxes: order kept, nothing lost, borders at items, folios without gaps."""

from hypothesis import given
from hypothesis import strategies as st

from app.services.boxes.arrange import Paper, Piece, arrange, box_width

PAPER = Paper(sheets_per_mm=10, pages_per_sheet=1, limit_mm=10)  # 100 sheets a box


def _folios(boxes):
    return [
        [(line.piece.evidence_id, line.folio_start, line.folio_end) for line in box.lines]
        for box in boxes
    ]


def test_folios_run_through_a_box_and_begin_anew_in_the_next() -> None:
    boxes = arrange(
        [
            ("1.1", [Piece("a", 3), Piece("b", 1)]),
            ("1.2", [Piece("c", 60)]),
            ("1.3", [Piece("d", 40)]),
        ],
        PAPER,
    )
    assert _folios(boxes) == [
        [("a", 1, 3), ("b", 4, 4), ("c", 5, 64)],
        [("d", 1, 40)],
    ]
    assert [box.pages for box in boxes] == [64, 40]


def test_an_item_is_only_divided_when_no_box_could_hold_it() -> None:
    big = [Piece(f"x{n}", 30) for n in range(5)]
    boxes = arrange([("1.1", [Piece("a", 50)]), ("1.2", big), ("1.3", [Piece("z", 10)])], PAPER)
    assert [[line.piece.evidence_id for line in box.lines] for box in boxes] == [
        ["a"],
        ["x0", "x1", "x2"],
        ["x3", "x4", "z"],
    ]


def test_a_piece_thicker_than_any_box_has_one_for_itself() -> None:
    boxes = arrange(
        [("1.1", [Piece("a", 5)]), ("1.2", [Piece("huge", 500)]), ("1.3", [Piece("b", 5)])], PAPER
    )
    assert [[line.piece.evidence_id for line in box.lines] for box in boxes] == [
        ["a"],
        ["huge"],
        ["b"],
    ]


def test_a_piece_under_two_items_lies_once_and_is_referred_to() -> None:
    boxes = arrange(
        [
            ("1.1", [Piece("a", 3)]),
            ("1.2", [Piece("b", 99)]),
            ("1.3", [Piece("a", 3), Piece("c", 1)]),
        ],
        PAPER,
    )
    first = boxes[0].lines[0]
    reference = boxes[1].lines[1]
    assert (first.lies_at, reference.lies_at) == (None, (0, 0))
    assert (reference.folio_start, reference.folio_end) == (1, 3)
    assert sum(box.pages for box in boxes) == 3 + 99 + 1


def test_what_lies_on_no_paper_takes_no_folio() -> None:
    [box] = arrange([("1.1", [Piece("film", 0), Piece("a", 2)])], PAPER)
    assert [(line.folio_start, line.folio_end) for line in box.lines] == [(0, 0), (1, 2)]


def test_printed_on_both_sides_a_piece_still_begins_on_a_new_sheet() -> None:
    paper = Paper(sheets_per_mm=10, pages_per_sheet=2, limit_mm=10)
    [box] = arrange([("1.1", [Piece("a", 3), Piece("b", 3)])], paper)
    assert box.sheets == 4
    assert _folios([box]) == [[("a", 1, 3), ("b", 4, 6)]]


def test_nothing_to_arrange() -> None:
    assert arrange([("1.1", [])], PAPER) == []


def test_the_narrowest_box_that_holds_the_paper() -> None:
    widths = (50, 20, 30, 40)
    assert [box_width(mm, widths, 3) for mm in (0, 17, 17.1, 40, 47, 60)] == [
        20,
        20,
        30,
        50,
        50,
        50,
    ]


pieces = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 130)), max_size=12)


@given(st.lists(pieces, max_size=12), st.sampled_from([1, 2]))
def test_every_piece_lies_exactly_once_in_order_and_within_the_limit(raw, sides) -> None:
    paper = Paper(sheets_per_mm=10, pages_per_sheet=sides, limit_mm=10)
    size: dict[int, int] = {}
    items = []
    for number, item in enumerate(raw):
        found = {key: size.setdefault(key, pages) for key, pages in item}
        items.append((f"i{number}", [Piece(f"e{key}", pages) for key, pages in found.items()]))
    boxes = arrange(items, paper)
    lines = [line for box in boxes for line in box.lines]
    assert [(line.item_id, line.piece) for line in lines] == [
        (item_id, piece) for item_id, found in items for piece in found
    ]
    lying = [line.piece.evidence_id for line in lines if line.lies_at is None]
    assert (
        len(lying)
        == len(set(lying))
        == len({piece.evidence_id for _i, found in items for piece in found})
    )
    for box in boxes:
        here = [line for line in box.lines if line.lies_at is None and line.piece.pages]
        assert [line.folio_start for line in here] == [
            1 + sum(line.piece.pages for line in here[:n]) for n in range(len(here))
        ]
        assert box.pages == sum(line.piece.pages for line in here)
        alone = len(here) == 1
        assert alone or paper.millimetres(box.sheets) <= paper.limit_mm
    for line in lines:
        if line.lies_at is not None:
            there = boxes[line.lies_at[0]].lines[line.lies_at[1]]
            assert there.piece == line.piece
            assert there.lies_at is None
