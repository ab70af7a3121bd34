"""The sample archive: whole, printed, clean; refused where something is; nothing left after a stop."""

import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.bootstrap import open_services
from app.context import Context
from app.errors import CancelledError, ConflictError, StorageError
from app.models import Activity, Attendance, Evidence, Observation, Person
from app.progress import CancelFlag
from app.resources import resource
from app.services.demo import OUTPUT, DemoReport, make_demo
from app.services.documents import libreoffice
from app.services.forms.form import Request
from app.services.safety.check import check


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    return make_demo(tmp_path_factory.mktemp("demo") / "示例档案库", Context("演示"))


def text_of(path: Path) -> list[str]:
    """Text of each page."""
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return pages


def test_it_holds_what_the_report_says(demo: DemoReport) -> None:
    shipped = [path for path in resource("samples", "材料").rglob("*") if path.is_file()]
    assert (demo.schools, demo.members, demo.activities, demo.observations) == (5, 18, 9, 10)
    assert (demo.evidence, demo.duplicates, demo.boxes) == (len(shipped) - 1, 1, 2)
    assert f"材料 {demo.evidence} 份" in "\n".join(demo.lines)
    with open_services(demo.path, Context("演示")) as services:
        report = check(services.archive, full=True)
        assert (report.problems, report.evidence) == ((), demo.evidence)
        adopted = services.adoptions.current()
        assert services.boxes.is_current(adopted.id)
        assert services.search.find("䶮").total > 3
        with services.archive.uow.read() as session:
            names = set(session.scalars(select(Person.name)))
            leaves = [
                row.leave_reason for row in session.scalars(select(Attendance)) if row.leave_reason
            ]
            assert {"王䶮", "刘㛃", "阿依古丽·买买提", "劉志遠"} <= names
            assert leaves
            assert all(row.agenda and row.attendances for row in session.scalars(select(Activity)))
            assert all(
                row.steps and row.score == sum(one.points for one in row.scores)
                for row in session.scalars(select(Observation))
            )
            pieces = session.scalars(select(Evidence)).all()
            assert all(row.author and row.dated_on and row.pages is not None for row in pieces)
            word = [row for row in pieces if row.kind == "word"]
            assert {row.pages_from for row in word} == {"properties"}
            assert {row.state for row in pieces} == {"ok"}


def test_findings_show_the_seal_and_the_window(demo: DemoReport) -> None:
    assert len(demo.findings) == 2
    assert any("已盖章" in text for text in demo.findings)
    assert any("2025-06-12" in text for text in demo.findings)


def test_the_printed_set(demo: DemoReport) -> None:
    assert {path.name for path in demo.files} == {
        "第1盒 整套.pdf", "第2盒 整套.pdf", "封面.pdf", "盒脊.pdf", "材料目录.pdf",
        "归档文件目录.pdf", "备考表.pdf", "汇编成册.pdf", "听课记录表.pdf", "签到表.pdf",
        "活动照片页.pdf", "证书.pdf", "教研活动记录表.docx", "工作总结.docx", "自评报告.docx",
        "材料目录.xlsx", "台账.xlsx", "花名册.xlsx",
    }  # fmt: skip
    assert set(demo.files) == set((demo.path / OUTPUT).iterdir())
    pages = {path.stem: text_of(path) for path in demo.files if path.suffix == ".pdf"}
    assert len(pages["封面"]) == len(pages["备考表"]) == demo.boxes
    assert len(pages["盒脊"]) == 1
    whole = len(pages["第1盒 整套"]) + len(pages["第2盒 整套"])
    assert whole == len(pages["材料目录"]) + 3 * demo.boxes
    assert all("蒲城县小学数学名师工作坊" in page for page in pages["封面"])
    directory = "\n".join(pages["材料目录"])
    for words in ("1.1", "5.3", "刘㛃", "馬市坪鄉小學", "见第12号", "电子文件"):
        assert words in directory
    assert "2026年6月24日" in pages["备考表"][0]
    assert re.search(r"20251009", "\n".join(pages["归档文件目录"]))


def test_it_refuses_what_exists(demo: DemoReport, tmp_path: Path) -> None:
    before = sorted(demo.path.rglob("*"))
    for there in (demo.path, tmp_path):
        with pytest.raises(ConflictError, match="已经存在") as refused:
            make_demo(there, Context("演示"))
        assert "换一个" in refused.value.hint
    assert sorted(demo.path.rglob("*")) == before


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "文件").write_bytes(b"1")
    with pytest.raises(StorageError, match="示例"):
        make_demo(tmp_path / "文件" / "示例", Context("演示"))
    assert [path.name for path in tmp_path.iterdir()] == ["文件"]


class StopsAt(CancelFlag):
    """Cancels itself when the work has come so far."""

    def __init__(self, percent: int) -> None:
        super().__init__()
        self.percent = percent
        self.seen: list[int] = []

    def report(self, done: int, total: int, text: str = "") -> None:
        self.seen.append(done * 100 // total)
        self.cancelled = self.seen[-1] >= self.percent
        super().report(done, total, text)


@pytest.mark.parametrize("percent", [0, 20, 75])
def test_a_stop_leaves_nothing(tmp_path: Path, percent: int) -> None:
    progress = StopsAt(percent)
    with pytest.raises(CancelledError):
        make_demo(tmp_path / "新文件夹" / "示例", Context("演示"), progress)
    assert not list(tmp_path.iterdir())
    assert progress.seen == sorted(progress.seen)


def _said(path: Path) -> str:
    """Every word of a file that was printed."""
    match path.suffix:
        case ".pdf":
            return "\n".join(text_of(path))
        case ".docx":
            with zipfile.ZipFile(path) as packed:
                return re.sub("<[^>]+>", "", packed.read("word/document.xml").decode())
        case _:
            book = CalamineWorkbook.from_path(path)
            sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
            return "\n".join(str(cell) for sheet in sheets for row in sheet for cell in row)


def test_every_form_can_be_printed_from_the_sample(
    demo: DemoReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(libreoffice.OVERRIDE, "")  # the book of the sample archive was made with it
    with open_services(demo.path, Context("演示")) as services:
        year = services.adoptions.current()
        for form in services.forms.all():
            targets = services.forms.targets(form.key, year.id)
            assert targets, form.key
            one = Request(form.key, year.id, (targets[0].id,))
            for ending in form.formats:
                made = services.forms.export(one, tmp_path / f"{form.key}{ending}")
                assert made.files, form.key
                said = "".join(_said(path) for path in made.files)
                assert re.search("[\u4e00-\u9fff]", said), (form.key, ending)
                assert "None" not in said, (form.key, ending)
                assert not re.search(r"[{}]", said), (form.key, ending)
