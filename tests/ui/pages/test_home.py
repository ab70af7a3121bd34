"""The home page counts what is to be done and leads there."""

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.services.evidence.service import Destination, EvidenceEdit
from app.ui.pages.home import HomePage


@pytest.fixture
def went() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def page(tools, services, adoption, qtbot, went) -> HomePage:
    made = HomePage(tools, services, adoption, lambda *to: went.append(to))
    qtbot.addWidget(made)
    made.refresh(None)
    made.show()
    return made


def _texts(page: HomePage) -> list[str]:
    return [page.todos.item(n).text() for n in range(page.todos.count())]


def _photo(folder, name, shade):
    Image.new("RGB", (20, 20), (shade, 0, 0)).save(folder / name)
    return folder / name


def test_an_empty_archive_says_how_to_begin(page, went, qtbot) -> None:
    assert "加入“材料”" in _texts(page)[0]
    qtbot.keyClick(page.todos, Qt.Key.Key_Return)
    assert went == [("materials", "")]


def test_what_is_to_be_mended_is_counted_and_linked(
    page, services, adoption, tmp_path, went, qtbot
) -> None:
    item = services.adoptions.find_item(adoption.id, "2.1")
    done = services.evidence.ingest(
        [_photo(tmp_path, "2025-10-15 甲.jpg", 10)], Destination(adoption.id, item.id)
    )
    services.evidence.edit([done.added[0].id], EvidenceEdit(sealed=True))
    services.evidence.ingest([_photo(tmp_path, "乙.jpg", 200)])
    page.refresh(None)
    assert _texts(page)[:3] == [
        "1 份材料还没有归入考核项",
        "1 份材料没有日期，不知道是否在材料时段内",
        "1 份材料没有标记“已盖章”",
    ]
    assert page.figures["evidence"].text() == "2"
    qtbot.keyClick(page.todos, Qt.Key.Key_Down)
    qtbot.keyClick(page.todos, Qt.Key.Key_Return)
    assert went == [("materials", "no_date")]
    assert "加入材料 1 份" in page.steps.item(0).text()


def test_moved_evidence_asks_for_a_new_plan(page, services, adoption, tmp_path) -> None:
    item = services.adoptions.find_item(adoption.id, "2.1")
    to = Destination(adoption.id, item.id)
    services.evidence.ingest([_photo(tmp_path, "2025-10-15 甲.jpg", 10)], to)
    services.boxes.plan(adoption.id)
    page.refresh(None)
    assert not any("重新排盒" in text for text in _texts(page))
    services.evidence.ingest([_photo(tmp_path, "2025-10-16 乙.jpg", 200)], to)
    page.refresh(None)
    assert any("重新排盒" in text for text in _texts(page))


def test_the_check_tells_what_it_found(page, services, tmp_path) -> None:
    services.evidence.ingest([_photo(tmp_path, "2025-10-15 甲.jpg", 10)])
    page.check()
    assert "一切完好" in page.health.text()
    next((services.path / "evidence").rglob("*.jpg")).unlink()
    page.check()
    assert "发现 1 处问题" in page.health.text()
    assert "不见了" in page.health.text()
