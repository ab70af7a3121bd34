"""What forms and templates can say of each kind of record."""

from app.services.forms.values import box

SUBJECTS = (box.SUBJECT,)
