"""The choices that a form offers, as a short form; what was chosen last is there again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget

if TYPE_CHECKING:
    from app.services.forms.form import Form, Option
    from app.ui.framework.fields import Kind
    from app.ui.framework.settings import Settings
    from app.ui.framework.theme import Theme

_KINDS: dict[str, Kind] = {
    "choice": "choice", "flag": "bool", "number": "number", "text": "text", "date": "date",
}  # fmt: skip
FEW = 3
"""So many options stand under the records; more have a tab of their own."""


class OptionsForm(FormWidget):
    """Every option has a value from the start."""

    marks_required = False


class OptionsPane(QWidget):
    """Fields for the options of one form; hidden where it has none."""

    changed = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._form: Form | None = None
        self.fields: OptionsForm | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_form(self, form: Form) -> None:
        """Ask for the options of another form."""
        if self.fields is not None:
            self._column.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
            self.fields = None
        self._form = form
        self.setVisible(bool(form.options))
        if not form.options:
            return
        self.fields = OptionsForm([_field(one) for one in form.options], self._theme)
        last = remembered(self._settings, form)
        self.fields.set_values({one.key: _shown(one, last[one.key]) for one in form.options})
        self.fields.committed.connect(self._on_committed)
        self._column.addWidget(self.fields)
        inside = self.fields.widget()
        if len(form.options) <= FEW and inside is not None:
            self.fields.setFixedHeight(inside.sizeHint().height() + 2)

    def values(self) -> dict[str, str]:
        """What is chosen, as forms take it."""
        if self._form is None or self.fields is None:
            return {}
        return {key: _written(value) for key, value in self.fields.values().items()}

    def commit(self) -> bool:
        """Take in what is being typed; False if something cannot be read."""
        return self.fields is None or self.fields.commit_all()

    @Slot(str, object)
    def _on_committed(self, _name: str, _value: object) -> None:
        if self._form is not None:
            lines = [f"{key}={value}" for key, value in self.values().items()]
            self._settings.set(f"paper/options/{self._form.key}", lines)
        self.changed.emit()


def remembered(settings: Settings, form: Form) -> dict[str, str]:
    """Options as they were chosen last, as far as the form still knows them; else its own."""
    lines = settings.texts(f"paper/options/{form.key}")
    last = {key: value for key, _equals, value in (line.partition("=") for line in lines)}
    found: dict[str, str] = {}
    for one in form.options:
        value = last.get(one.key, one.default)
        known = one.kind != "choice" or any(value == choice for choice, _name in one.choices)
        found[one.key] = value if known else one.default
    return found


def _field(option: Option) -> Field:
    return Field(
        option.key,
        option.name,
        _KINDS[option.kind],
        help=option.words,
        required=option.kind == "choice",
        choices=option.choices,
    )


def _shown(option: Option, value: str) -> object:
    """A remembered value as the editor of its kind takes it."""
    try:
        match option.kind:
            case "flag":
                return bool(value)
            case "number":
                return float(value) if value else None
            case "date":
                return date.fromisoformat(value) if value else None
    except ValueError:
        return None
    return value


def _written(value: object) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return "1" if value is True else str(value)
