"""Forms of daily school life: records, sheets to sign, slips and letters, photos, timetables."""

from app.services.forms.school import letter, photo_sheet, records, sign_in

FORMS = (*records.FORMS, sign_in.FORM, photo_sheet.FORM, *letter.FORMS)
