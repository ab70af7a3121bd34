"""Chinese for Qt's own dialogs and menus: Qt's translation, and ours for what it leaves in English."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from typing_extensions import override

from app.resources import resource

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


class Supplement(QTranslator):
    """Strings of ``resources/i18n/qt_zh_CN.json``; asked before Qt's own translation."""

    def __init__(self, parent: QCoreApplication) -> None:
        super().__init__(parent)
        path = resource("i18n", "qt_zh_CN.json")
        self._texts: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def translate(
        self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return self._texts.get(context, {}).get(sourceText)


def install_chinese(app: QCoreApplication) -> None:
    """Make standard dialogs, text menus, dates and figures Chinese."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    shipped = QTranslator(app)
    shipped.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(shipped)
    app.installTranslator(Supplement(app))
