"""Every form of boxes from a real archive, in every format that it can become."""

from app.services.forms.archive import FORMS, box_forms
from app.services.forms.form import Request
from tests.services.codes.conftest import adoption_id, boxed, take_in

__all__ = ["adoption_id", "boxed", "take_in"]


def test_written_in_each_of_their_formats(services, adoption_id, boxed, tmp_path) -> None:
    for form in FORMS:
        for ending in form.formats:
            target = tmp_path / f"{form.key}{ending}"
            made = services.forms.export(Request(form.key, adoption_id), target)
            assert (made.files, made.notes) == ((target,), ())
            assert target.read_bytes()[:4] in (b"%PDF", b"PK\x03\x04")


def test_the_usual_forms_come_first_for_boxes_and_for_volumes() -> None:
    assert box_forms("boxes")[0] == "box-set"
    assert box_forms("volumes")[0] == "volume-set"
    assert set(box_forms("boxes")) == set(box_forms("volumes")) == {form.key for form in FORMS}
