"""What forms and templates can say of each kind of record."""

from app.services.forms.values import (
    activity,
    assessed,
    attendance,
    box,
    certificate,
    debtor,
    growth,
    leave,
    ledger,
    lesson,
    observation,
    pair,
    period,
    person,
    roster,
    rubric,
    timetable,
)

SUBJECTS = (
    box.SUBJECT, activity.SUBJECT, attendance.SUBJECT, lesson.SUBJECT, observation.SUBJECT,
    rubric.SUBJECT, person.SUBJECT, pair.SUBJECT, leave.SUBJECT, timetable.SUBJECT,
    period.SUBJECT, ledger.SUBJECT, roster.SUBJECT, growth.SUBJECT, certificate.SUBJECT,
    assessed.SUBJECT, debtor.SUBJECT,
)  # fmt: skip
