"""自带的式样, or one of the office's own: which fits a form, which was used last, what it can become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Form
    from app.services.templates.views import TemplateView
    from app.ui.framework.settings import Settings

_ENDINGS = {"word": (".pdf", ".docx"), "excel": (".pdf", ".xlsx")}


class Styles(QComboBox):
    """Hidden where there is only the built-in one."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._form: Form | None = None
        self._templates: Sequence[TemplateView] = ()
        self.setAccessibleName("用哪种式样")
        self.activated.connect(self._on_activated)

    def show_form(self, form: Form, templates: Sequence[TemplateView], wanted: str = "") -> None:
        """Offer what fits a form; ``wanted`` is chosen, else what was used last."""
        self._form, self._templates = form, templates
        self.clear()
        self.addItem("自带的式样", None)
        for one in templates:
            self.addItem(f"本单位的“{one.name}”", one.id)
        self.setVisible(bool(templates))
        found = wanted or template_of(self._settings, form, templates)
        self.setCurrentIndex(max(0, self.findData(found)))

    @property
    def template(self) -> str | None:
        """Id of the office's own form that is chosen; None: the built-in one."""
        chosen = self.currentData()
        return str(chosen) if chosen else None

    @property
    def formats(self) -> tuple[str, ...]:
        """Endings of the files that can be made."""
        return formats_of(self._form, self._templates, self.template) if self._form else ()

    @Slot()
    def _on_activated(self) -> None:
        if self._form is not None:
            self._settings.set(_key(self._form), self.template or "")
        self.changed.emit()


def template_of(settings: Settings, form: Form, templates: Sequence[TemplateView]) -> str | None:
    """What was used last; before that the office's own form that stands for this one."""
    own = next((one.id for one in templates if one.form == form.key), "")
    last = settings.text(_key(form), own)
    return last if any(one.id == last for one in templates) else None


def formats_of(
    form: Form, templates: Sequence[TemplateView], template: str | None
) -> tuple[str, ...]:
    """Endings of the files that a form can become, in its own style or the office's."""
    kind = next((one.kind for one in templates if one.id == template), None)
    return _ENDINGS[kind] if kind else form.formats


def _key(form: Form) -> str:
    return f"paper/template/{form.key}"
