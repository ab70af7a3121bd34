"""Certificates and their register on paper."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest

from app.errors import ConflictError, ExportError
from app.services.certificates import CertificateView
from app.services.documents import pdf
from app.services.documents.tree import Frame, Table, texts
from app.services.forms.form import Sheet
from app.services.forms.reports.certificates import FORMS, draft

CREATED = datetime(2026, 7, 3, tzinfo=UTC)
MM = 72 / 25.4
[CERTIFICATE, REGISTER] = FORMS


def pages(document) -> pdfium.PdfDocument:
    return pdfium.PdfDocument(io.BytesIO(pdf.render_bytes(document, CREATED)))


@pytest.mark.parametrize(
    ("paper", "size"),
    [
        ("a4-across", (297, 210)), ("a4-upright", (210, 297)), ("k16-across", (285, 210)),
        ("k16-upright", (210, 285)),
    ],
)  # fmt: skip
def test_one_on_a_page_of_the_paper_chosen(document, paper, size):
    made = document("certificates", paper=paper)
    found = pages(made)
    assert len(found) == len(made.sections) == 6
    width, height = found[0].get_size()
    assert (round(width / MM), round(height / MM)) == size


def test_the_frame_is_left_out_on_printed_paper(document):
    def frames(**options: str) -> int:
        made = document("certificates", **options)
        return sum(isinstance(one, Frame) for one in made.sections[0].head)

    assert (frames(), frames(frame="no")) == (2, 0)


@pytest.mark.parametrize("paper", ["a4-across", "a4-upright", "k16-across", "k16-upright"])
@pytest.mark.parametrize(
    "body",
    ["", "短", "{{正文}}", "长" * 500, "一行\n" * 13, "买买提·Mehmet 𠅤䶮 老师：\n" + "字" * 200],
)
def test_any_text_stays_on_one_page(paper, body):
    values = {
        "证书种类": "荣誉证书", "正文": body, "姓名": "某", "颁发单位": "某" * 40,
        "颁发日期": "2026年6月30日", "证书编号": "2026证字第001号",
    }  # fmt: skip
    made = CERTIFICATE.build([Sheet(values)], {"paper": paper})
    assert len(pages(made)) == 1


def test_what_does_not_fit_is_not_printed():
    with pytest.raises(ExportError, match="太长"):
        CERTIFICATE.build([Sheet({"正文": "长" * 3000})], {})


def test_a_withdrawn_certificate_is_not_printed_but_stands_in_the_register(
    year, request_of, adoption_id, document, tmp_path
):
    first = year.certificates.all(adoption_id)[0]
    year.certificates.withdraw([first.id], "姓名写错")
    assert len(document("certificates").sections) == 5
    with pytest.raises(ConflictError, match="已经作废"):
        year.forms.export(request_of("certificates", first.id), tmp_path / "证书.pdf")
    assert not (tmp_path / "证书.pdf").exists()
    [table] = [
        one for one in document("certificate-register").sections[0].blocks if isinstance(one, Table)
    ]
    assert len(table.rows) == 6
    assert "已作废" in table.rows[0].cells[-1]
    assert "姓名写错" in table.rows[0].cells[-1]


def test_a_certificate_can_be_seen_before_it_is_given():
    view = CertificateView("", "证1", "王䶮", "甲校", "聘书", "兹聘请王䶮老师。", "教研室", None)
    text = pdfium.PdfDocument(draft(view, CREATED))[0].get_textpage().get_text_range()
    assert "兹聘请王䶮老师。" in text
    assert "编号：证1" in text


def test_register_of_500_and_of_nothing():
    many = [Sheet({"证书编号": f"证{n}", "姓名": "某", "正文": "长" * 80}) for n in range(500)]
    made = REGISTER.build(many, {})
    words = [text for _place, text in texts(made)]
    assert "500" in words
    assert "证499" in words
    assert len(pages(made)) > 20
    assert len(pages(REGISTER.build([], {}))) == 1
