"""LibreOffice as a converter: found, stopped, outlived."""

import sys
import time
from pathlib import Path

import docx
import pytest

from app.errors import CancelledError, ExportError
from app.progress import CancelFlag
from app.services.documents import libreoffice

posix = pytest.mark.skipif(sys.platform == "win32", reason="stands in for soffice with a script")


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in LibreOffice's place; its arguments end with --outdir FOLDER and the files."""
    program = folder / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport sys, time, pathlib\n"
        "at = sys.argv.index('--outdir')\n"
        "out, files = pathlib.Path(sys.argv[at + 1]), sys.argv[at + 2:]\n" + script
    )
    program.chmod(0o755)
    monkeypatch.setenv(libreoffice.OVERRIDE, str(program))


def papers(folder: Path, count: int) -> list[Path]:
    made = [folder / f"{n}.docx" for n in range(count)]
    for path in made:
        path.write_text(path.name)
    return made


def out(folder: Path) -> Path:
    place = folder / "out"
    place.mkdir()
    return place


class TestConverting:
    def test_words_where_it_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(libreoffice.OVERRIDE, str(tmp_path / "none"))
        assert libreoffice.found() is None
        with pytest.raises(ExportError, match="没有安装 LibreOffice"):
            libreoffice.to_pdf(tmp_path / "a.docx", tmp_path)

    def test_a_real_document(self, tmp_path: Path) -> None:
        if libreoffice.found() is None:
            pytest.skip("这台电脑没有安装 LibreOffice，不能试转换")
        document = docx.Document()
        document.add_paragraph("教学目标")
        source = tmp_path / "教案 一.docx"
        document.save(str(source))
        made = libreoffice.to_pdf(source, out(tmp_path))
        assert made.read_bytes().startswith(b"%PDF")
        assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "教案 一.docx"]

    @posix
    def test_one_that_hangs_costs_only_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(tmp_path, (
            "for file in map(pathlib.Path, files):\n"
            "    if file.stem == '0002':\n"
            "        time.sleep(60)\n"
            "    (out / (file.stem + '.pdf')).write_text('%PDF')\n"
        ), monkeypatch)  # fmt: skip
        made = libreoffice.to_pdfs(papers(tmp_path, 4), out(tmp_path), timeout=1)
        assert [path is not None for path in made] == [True, False, True, True]

    @posix
    def test_one_that_crashes_it_costs_only_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(tmp_path, (
            "for file in map(pathlib.Path, files):\n"
            "    if file.stem == '0001':\n"
            "        sys.exit(139)\n"
            "    (out / (file.stem + '.pdf')).write_text('%PDF')\n"
        ), monkeypatch)  # fmt: skip
        made = libreoffice.to_pdfs(papers(tmp_path, 3), out(tmp_path))
        assert [path is not None for path in made] == [False, True, True]

    @posix
    def test_stopping_ends_the_program(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(tmp_path, "time.sleep(60)\n", monkeypatch)
        progress = CancelFlag()
        progress.cancel()
        start = time.monotonic()
        with pytest.raises(CancelledError):
            libreoffice.to_pdfs(papers(tmp_path, 1), out(tmp_path), progress=progress)
        assert time.monotonic() - start < 20

    @posix
    def test_a_document_that_it_refuses(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(tmp_path, "pass\n", monkeypatch)
        (source,) = papers(tmp_path, 1)
        with pytest.raises(ExportError, match="不能把“0"):
            libreoffice.to_pdf(source, out(tmp_path))
