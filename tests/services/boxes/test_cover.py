"""Covers of boxes: the lines of any shipped scheme are filled; what is not known is named."""

from dataclasses import replace

import pytest
from PIL import Image

from app.bootstrap import create_services
from app.services.evidence.service import Destination
from app.services.forms.form import Request
from tests.conftest import WORKSHOP


@pytest.mark.parametrize(
    ("scheme", "last", "unknown"),
    [
        ("zhongshan-kindergarten", "2025年", []),  # {year}
        ("liuzhou", "2025年", ["联合单位名称"]),  # {lead.name}, {joint.names}
        ("parents-lecture", "2025—2026学年", []),  # {scheme.name}
    ],
)
def test_a_cover_never_keeps_boxes_from_being_planned(
    tmp_path, context, scheme, last, unknown
) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "2025-10-15 照片.jpg")
    wanted = replace(WORKSHOP, scheme_id=scheme)
    with create_services(tmp_path / "档案库", wanted, context) as opened:
        adoption = opened.adoptions.current().id
        item = next(one for one in opened.adoptions.items(adoption) if one.parent_id)
        opened.evidence.ingest([tmp_path / "2025-10-15 照片.jpg"], Destination(adoption, item.id))
        report = opened.boxes.plan(adoption)
        [box] = report.boxes
        assert box.title_lines[-1] == last
        gaps = [one.text for one in report.findings if one.kind == "cover"]
        assert [text.split("，")[0] for text in gaps] == [f"封面要写{name}" for name in unknown]
        made = opened.forms.export(Request("cover", adoption), tmp_path / "封面.pdf")
        assert set(gaps) <= {note.partition("：")[2] for note in made.notes}
