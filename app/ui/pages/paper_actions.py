"""What the page 文件 offers beside printing: what a form's own dialog does, and the way from other pages."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from app.ui.records.panel import RecordAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools

_CERTIFICATES = ("发证书…", "app.ui.pages.certificates_dialog:open_certificates")
ACTIONS: dict[str, tuple[str, str]] = {
    "certificates": _CERTIFICATES,
    "certificate-register": _CERTIFICATES,
    "*": ("本单位的表格…", "app.ui.pages.templates_list:open_templates"),
}
"""Form key → words of the button, and ``module:function`` that it calls (see ``run``).

The key ``*`` stands for every form: it is in the page's menu 更多. The function is called as
``function(tools, services, adoption, parent)``.
"""


def actions_of(form: str) -> list[tuple[str, str]]:
    """Words and functions of the buttons that a form has."""
    return [ACTIONS[form]] if form in ACTIONS else []


def run(
    where: str, tools: Tools, services: Services, adoption: AdoptionView, parent: QWidget
) -> None:
    """Call a function of ``ACTIONS``; its module is read only now."""
    module, _colon, name = where.partition(":")
    act: Callable[[Tools, Services, AdoptionView, QWidget], object]
    act = getattr(importlib.import_module(module), name)
    act(tools, services, adoption, parent)


def has_forms(services: Services, subject: str) -> bool:
    """Whether something can be printed about records of that kind."""
    return any(form.subject == subject for form in services.forms.all())


def print_action(
    services: Services, subject: str, go: Callable[[str, str], None] | None
) -> tuple[RecordAction, ...]:
    """The way from selected records to the page 文件; none where nothing can be printed of them."""
    if go is None or not has_forms(services, subject):
        return ()

    def show(ids: list[str]) -> None:
        if ids:
            go("paper", f"{subject}:{','.join(ids)}")

    return (RecordAction("打印…", "printer", show, "Ctrl+P"),)
