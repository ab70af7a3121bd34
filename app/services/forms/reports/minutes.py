"""会议纪要 of an activity, in the layout of GB/T 9704."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.form import Form, Sheet, each, text
from app.services.forms.reports.of_period import GROUP
from app.services.forms.reports.official import OPTIONS
from app.services.forms.reports.written import report

if TYPE_CHECKING:
    from app.services.documents.tree import Document
    from app.services.forms.form import Options


def _build(sheet: Sheet, options: Options) -> Document:
    values = {
        **sheet.values, "署名": text(sheet.values, "共同体"),
        "成文日期": text(sheet.values, "活动日期"),
    }  # fmt: skip
    return report("minutes", Sheet(values), options)


FORMS = (
    Form(
        "minutes", "会议（活动）纪要", GROUP, "activity", each(_build), options=OPTIONS,
        words="时间、地点、人员、议程、内容、议定事项取自活动；公文格式 GB/T 9704-2012",
    ),
)  # fmt: skip
