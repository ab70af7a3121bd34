"""Every real sample file against what independent tools said of it (expected.json)."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services.evidence import kinds
from app.services.evidence.inspect import inspect

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "samples"
SAMPLES = Path(os.environ.get("YANDANG_SAMPLES", BESIDE))
FOLDERS = ("photos", "pdf", "office", "other", "sheets")
NOW = datetime(2026, 11, 22, tzinfo=UTC)

# Where the file was looked at and expected.json does not say what an archive needs.
TYPES = {
    "pdf/T01_006_header-invalid-syntax-no-pdf.pdf": kinds.PDF,  # only its first line is spoilt
    "office/doc-coreprops.docx": kinds.DOCX,  # a sound package, in an order "file" does not know
    "office/~$教研活动签到表.docx": kinds.DOCX,  # Word's lock; screen() refuses it before
    "sheets/poc-xmlbomb.xlsx": kinds.XLSX,
    "sheets/xlsx-corrupted.xlsx": kinds.XLSX,
    "sheets/empty_no_dimensions.xlsx": kinds.XLSX,
    "sheets/null_file.xlsx": kinds.UNKNOWN,  # zero bytes
    "photos/gen_零字节.jpg": kinds.UNKNOWN,
    "photos/broken.png": "image/png",  # the signature of PNG, then noise
    "other/testMP3truncated.mp3": "audio/mpeg",  # an ID3 tag in front
    "office/SimpleMacro.docm": kinds.DOCM,
    "office/SimpleMacro.pptm": kinds.PPTM,
    "sheets/SimpleMacro.xlsm": kinds.XLSM,
    "sheets/sample.xlsb": kinds.XLSB,
    "sheets/xlrd_sample.xlsb": kinds.XLSB,
}
# Pages that are claimed but not there: nothing could be printed, so it is damage and no count.
PAGES_NOT_THERE = {
    "pdf/T02-02_002_page-tree-kids-links-recursive.pdf",
    "pdf/T02-02_005_page-tree-no-kids.pdf",
    "pdf/T02-02_007_page-tree-wrong-count.pdf",  # claims 9, holds 1
    "pdf/T02-03_006_page-object-missing.pdf",
    "pdf/T01_006_header-invalid-syntax-no-pdf.pdf",  # PDFium, which will print it, refuses it
}
# A picture whose pixels are sound; only Pillow minds its large comment.
DECODES_ALL_THE_SAME = {"photos/png_decompression_dos.png"}
# Its picture data has been cut out, so even the header does not hold together.
HEADER_GONE = {"photos/testHEIC_livePhoto.heic"}
DAMAGED_OTHERS = {
    "office/gen_截断.docx",
    "office/truncated62886.docx",
    "office/~$教研活动签到表.docx",
    "other/gen_录像_截断.mp4",
    "other/testMP4_truncated.m4a",
    "sheets/null_file.xlsx",
}
MISNAMED = {
    "photos/gen_其实是PNG.jpg": ".png",
    "pdf/gen_其实是JPEG.pdf": ".jpg",
    "office/gen_其实是docx.doc": ".docx",
    "sheets/null_archive.xlsx": ".zip",
}
WORD_PAGES = {
    "office/SampleDoc.docx": 2,
    "office/HeaderFooterUnicode.doc": 2,
    "office/lorem-ipsum.docx": 2,
    "office/text_only.doc": 1,
    "office/empty.doc": 1,
    "office/Word6.doc": None,  # Word 6 noted no count
    "office/gen_听课记录表.docx": None,  # a template's "1 page, 0 characters" beside text
}


def expected():
    listing = SAMPLES / "expected.json"
    if not listing.is_file():
        reason = f"sample files are not on this machine ({SAMPLES}); set YANDANG_SAMPLES"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    entries = json.loads(listing.read_text(encoding="utf-8"))
    return [
        pytest.param(entry, id=entry["path"])
        for entry in entries
        if entry["path"].split("/")[0] in FOLDERS
    ]


@pytest.mark.parametrize("entry", expected())
def test_says_what_the_file_is(entry):
    path = SAMPLES / entry["path"]
    facts = inspect(path, path.name, now=NOW)

    mime = "text/plain" if entry["mime"] == "text/csv" else entry["mime"]
    assert facts.media_type == TYPES.get(entry["path"], mime)
    assert (facts.state == "damaged") == is_damaged(entry)
    assert (facts.state == "encrypted") == is_encrypted(entry)
    assert facts.misnamed == (entry["path"] in MISNAMED)
    assert facts.extension == MISNAMED.get(entry["path"], path.suffix.lower())
    assert facts.state == "ok" or facts.remarks  # never without a reason
    if facts.kind == "image" and "w" in entry.get("image", {}) and entry["path"] not in HEADER_GONE:
        check_picture(facts, entry["image"])
    if facts.kind == "pdf":
        sound = facts.state == "ok"
        assert facts.pages == (entry["pdf"]["pages"] if sound else None)
        assert facts.pages_from == ("counted" if sound else "")
    if "slides" in entry:
        assert (facts.pages, facts.pages_from) == (entry["slides"], "counted")
    if entry["path"] in WORD_PAGES:
        pages = WORD_PAGES[entry["path"]]
        assert (facts.pages, facts.pages_from) == (pages, "properties" if pages else "")
    if facts.kind in ("sheet", "video", "audio", "archive"):
        assert facts.pages is None


def check_picture(facts, image):
    assert (facts.width, facts.height) == (image["w"], image["h"])
    assert (facts.orientation or 1) == image.get("orientation", 1)
    assert facts.taken_at == exif_date(image.get("date_original"))
    assert facts.pages_from == "counted"


def exif_date(text):
    if not text or text.startswith("0000"):
        return None
    date, clock = text.split(" ")
    return datetime.fromisoformat(f"{date.replace(':', '-')} {clock}")


def is_damaged(entry):
    path, pdf = entry["path"], entry.get("pdf")
    if path in DAMAGED_OTHERS or path in PAGES_NOT_THERE:
        return True
    if path in DECODES_ALL_THE_SAME or path in MISNAMED:
        return False
    if "image" in entry:
        return not entry["image"]["decodes"]
    return bool(pdf) and not isinstance(pdf["pages"], int) and not pdf["requires_password"]


def is_encrypted(entry):
    zipped = entry.get("zip", {}).get("encrypted", False)
    needs_password = entry.get("pdf", {}).get("requires_password", False)
    return bool(entry.get("password") or zipped or needs_password)


def test_remarks_name_the_trouble(samples):
    def remarks(path):
        return " ".join(inspect(samples / path, Path(path).name, now=NOW).remarks)

    assert "文件名是 .pdf，内容其实是 JPEG 图片" in remarks("pdf/gen_其实是JPEG.pdf")
    assert "2045-01-01 在将来" in remarks("photos/gen_日期在将来.jpg")
    assert "1980-01-01 不可信" in remarks("photos/gen_相机未校时_1980.jpg")
    assert "密码" in remarks("pdf/gen_加密_口令123456.pdf")
    assert "宏" in remarks("office/SimpleMacro.docm")
    assert "解压" in remarks("other/test-documents.zip")
    assert "文件夹之外" in remarks("other/gen_向上爬.zip")
    assert "页数" in remarks("office/gen_听课记录表.docx")
    assert remarks("photos/hopper.jpg") == ""


def test_a_tiff_of_three_pictures_has_three_pages(samples):
    assert inspect(samples / "photos/multipage.tiff", "扫描.tiff", now=NOW).pages == 3


def test_a_password_is_told_from_damage_whatever_was_read_before(samples):
    """PDFium leaves the error of the file before in place for some broken files."""
    for _ in range(2):
        locked = inspect(samples / "pdf/encrypted.pdf", "a.pdf", now=NOW)
        empty = inspect(samples / "pdf/gen_零页.pdf", "b.pdf", now=NOW)
        assert (locked.state, empty.state) == ("encrypted", "damaged")
