"""Exports about the standing: the self-assessment report, and reminders of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell
from app.errors import ValidationError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView

WRITERS = {"self-assessment": (".docx", ".pdf", ".xlsx"), "reminder": (".docx", ".xlsx")}
"""What can be exported, and the endings of the files it is written to."""


def export(options: argparse.Namespace) -> int:
    """Write the file; the ending of its name picks the writer."""
    endings = WRITERS[options.what]
    if options.out.suffix.lower() not in endings:
        raise ValidationError(
            f"不能写成“{options.out.name}”这种文件。", f"文件名请以 {'、'.join(endings)} 结尾。"
        )
    with open_archive(options) as services:
        view = services.adoptions.current(options.year)
        write = _self_assessment if options.what == "self-assessment" else _reminder
        lacking = write(services, view, options)
    tell(
        options, {"path": options.out, "lacking": lacking},
        [f"已输出：{options.out}", *(f"待改\t{one}" for one in lacking)],
    )  # fmt: skip
    return FINDINGS if lacking else DONE


def _self_assessment(
    services: Services, view: AdoptionView, options: argparse.Namespace
) -> Sequence[str]:
    from app.services.documents.writing import write
    from app.services.reports import self_assessment
    from app.services.standing.report import self_report

    subjects = services.standing.subjects(view.id)
    if not subjects:
        raise ValidationError("这个方案现在没有要考核的对象。", "请先登记单位、人员或小组。")
    clock = services.archive.uow.context.clock
    report = self_report(
        services.adoptions, services.standing, services.entering, view, subjects[0],
        made_on=clock().date(),
    )  # fmt: skip
    if options.out.suffix.lower() == ".xlsx":
        self_assessment.write_excel(report, options.out)
    else:
        write(self_assessment.document(report), options.out, clock())
    return services.standing.table(view.id, subjects[0]).lacking


def _reminder(services: Services, view: AdoptionView, options: argparse.Namespace) -> Sequence[str]:
    from app.services.standing.slips import write_excel
    from app.services.standing.slips_word import write_word
    from app.services.standing.views import MissingQuery

    found = services.standing.missing(view.id, MissingQuery(by="person")).findings
    owed = [one for one in found if one.person_id]
    if not owed:
        raise ValidationError("现在没有人欠交材料，不用写催交单。")
    made = services.reminders.make(view.id, owed, by="person", wanted_by=None)
    if options.out.suffix.lower() == ".xlsx":
        write_excel(made, options.out)
    else:
        write_word(made, options.out)
    return ()
