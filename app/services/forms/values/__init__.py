"""What forms and templates can say of each kind of record."""

from app.services.forms.values import (
    activity,
    attendance,
    box,
    leave,
    lesson,
    observation,
    of_reports,
    pair,
    period,
    person,
    rubric,
    timetable,
)

SUBJECTS = (
    box.SUBJECT, activity.SUBJECT, attendance.SUBJECT, lesson.SUBJECT,
    observation.SUBJECT, rubric.SUBJECT,
    person.SUBJECT, pair.SUBJECT, leave.SUBJECT, timetable.SUBJECT,
    period.SUBJECT, *of_reports.SUBJECTS,
)  # fmt: skip
