import pytest

from app.errors import ValidationError


def test_settings_are_kept_and_can_be_undone(services) -> None:
    assert services.settings.get().spine_widths == (20, 30, 40, 50)
    services.settings.change(spine_widths=(35.0, 55.0), retention="30年")
    assert services.settings.get().spine_widths == (35, 55)
    services.history.undo()
    assert services.settings.get().retention == "10年"


@pytest.mark.parametrize(
    "values",
    [
        {"sheets_per_mm": 0},
        {"pages_per_sheet": 3},
        {"spine_widths": ()},
        {"spine_widths": (2.0,)},
        {"slack_mm": 20},
    ],
)
def test_impossible_values_are_refused_in_words(services, values) -> None:
    before = services.settings.get()
    with pytest.raises(ValidationError, match="。"):
        services.settings.change(**values)
    assert services.settings.get() == before
