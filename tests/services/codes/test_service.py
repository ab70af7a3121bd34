"""Archival codes on a real archive: given in order, kept, withdrawn, never given twice."""

import pytest

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import Evidence
from app.services.evidence.service import EvidenceEdit


def codes(services, adoption_id) -> dict[str, str]:
    """Title → code of everything in boxes."""
    boxes = services.boxes.boxes(adoption_id)
    return {row.title: row.archival_code for box in boxes for row in box.rows}


def test_given_in_the_order_of_the_boxes_as_one_step(services, adoption_id, boxed) -> None:
    plan = services.codes.plan(adoption_id)
    assert plan.sample == "WS·2025-D10-0001"
    assert codes(services, adoption_id) == {"一年计划": "", "总结": "", "示范课": ""}
    given = services.codes.give(adoption_id)
    rows = [row for box in services.boxes.boxes(adoption_id) for row in box.rows]
    assert [row.archival_code for row in rows] == [new.code for new in given.new]
    assert [row.piece_no for row in rows] == [1, 2, 3]
    assert services.history.undo_label() == "编档号"
    with pytest.raises(ConflictError, match="都已经有档号"):
        services.codes.give(adoption_id)


def test_stable_when_boxes_are_planned_again(services, adoption_id, boxed, take_in) -> None:
    services.codes.give(adoption_id)
    before = codes(services, adoption_id)
    take_in("1.1", "补交的计划")
    services.boxes.plan(adoption_id)
    now = codes(services, adoption_id)
    assert now.pop("补交的计划") == ""
    assert now == before
    found = services.boxes.report(adoption_id).findings
    assert [(one.kind, one.severity, one.title) for one in found] == [
        ("code", "warn", "补交的计划")
    ]
    services.codes.give(adoption_id)
    assert codes(services, adoption_id)["补交的计划"] == "WS·2025-D10-0004"
    assert services.boxes.report(adoption_id).findings == ()


def test_numbers_of_an_undone_step_are_not_given_again(services, adoption_id, boxed) -> None:
    services.codes.give(adoption_id)
    services.history.undo()
    assert set(codes(services, adoption_id).values()) == {""}
    assert [new.serial for new in services.codes.plan(adoption_id).new] == [4, 5, 6]
    services.history.redo()
    assert codes(services, adoption_id)["一年计划"].endswith("0001")
    services.history.undo()
    services.codes.give(adoption_id)
    [gap] = services.codes.plan(adoption_id).gaps
    assert gap.startswith("WS·2025-D10-1—3：空号")


def test_a_withdrawn_number_stays_used_up(services, adoption_id, boxed) -> None:
    services.codes.give(adoption_id)
    row = next(one for one in services.codes.all(adoption_id) if one.serial == 2)
    with pytest.raises(ValidationError, match="写明原因"):
        services.codes.withdraw([row.id], " ")
    services.codes.withdraw([row.id], "重复")
    assert services.history.undo_label() == "收回档号"
    [new] = services.codes.give(adoption_id).new
    assert (new.evidence_id, new.serial) == (boxed[1], 4)
    states = {one.serial: one.state_words for one in services.codes.all(adoption_id)}
    assert states == {1: "在用", 2: "已收回：重复", 3: "在用", 4: "在用"}
    assert services.codes.plan(adoption_id).gaps == (f"{row.code} 总结：已收回：重复",)
    with pytest.raises(NotFoundError):
        services.codes.withdraw(["none"], "错")


def test_the_code_of_a_deleted_piece_is_remembered(services, adoption_id, boxed) -> None:
    services.codes.give(adoption_id)
    services.evidence.delete([boxed[2]])
    services.boxes.plan(adoption_id)
    assert services.codes.all(adoption_id)[-1].state == "gone"
    services.evidence.transfer(
        [(boxed[1], services.adoptions.find_item(adoption_id, "1.1").id)], None
    )
    services.boxes.plan(adoption_id)
    assert [one.state for one in services.codes.all(adoption_id)] == ["used", "unboxed", "gone"]


def test_each_retention_and_pattern_has_its_own_series(
    services, adoption_id, boxed, take_in
) -> None:
    with services.archive.uow.write("改期限") as session:
        session.get(Evidence, boxed[0]).retention = "永久"
    services.codes.give(adoption_id)
    assert sorted(codes(services, adoption_id).values()) == [
        "WS·2025-D10-0001", "WS·2025-D10-0002", "WS·2025-Y-0001",
    ]  # fmt: skip
    services.settings.change(code_pattern="{年度}-{期限}-{件号:3}", section_code="JY")
    take_in("2.1", "第二节示范课")
    services.boxes.plan(adoption_id)
    assert [new.code for new in services.codes.plan(adoption_id).new] == ["2025-D10-001"]
    tried = services.codes.plan(adoption_id, "{全宗号}-{机构}{件号}")
    assert (tried.sample, tried.new[0].code) == ("JY1", "JY1")


def test_a_code_that_was_given_under_another_pattern_is_refused(
    services, adoption_id, boxed, take_in
) -> None:
    services.settings.change(code_pattern="{件号:2}")
    services.codes.give(adoption_id)
    take_in("2.1", "又一节")
    services.boxes.plan(adoption_id)
    with pytest.raises(ConflictError, match="“01”"):
        services.codes.plan(adoption_id, "0{件号}")


def test_nothing_in_boxes_is_said(services, adoption_id) -> None:
    with pytest.raises(ConflictError, match="还没有排盒"):
        services.codes.give(adoption_id)
    with pytest.raises(ValidationError, match="没有“门”"):
        services.settings.change(code_pattern="{门}-{件号}")


def test_a_label_is_checked_against_the_directory_of_today(services, adoption_id, boxed) -> None:
    [box] = services.boxes.boxes(adoption_id)
    verify = services.boxes.verify
    assert verify(box.qr_text).same
    assert verify(" ".join(box.qr_text.split())).same, "scanners change white space"
    assert verify(box.fingerprint.upper()).box.number == 1
    services.evidence.edit([boxed[0]], EvidenceEdit(title="工作计划（修订）"))
    changed = verify(box.qr_text)
    assert not changed.same
    assert "请重新打印" in changed.words
    with pytest.raises(NotFoundError, match="没有哪一盒"):
        verify(box.fingerprint)
    with pytest.raises(NotFoundError, match="没有标签上写的这一盒"):
        verify(box.qr_text.replace("第1盒", "第9盒"))
    with pytest.raises(ValidationError, match="另一个档案库"):
        verify(box.qr_text[:-1] + ("0" if box.qr_text[-1] != "0" else "1"))
    with pytest.raises(ValidationError, match="不是档案盒标签"):
        verify("https://example.org")
