"""Schemes at work: earlier versions, figures entered, findings let pass, reminders, papers received."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TARGETS = (
    "assessment_item_id",
    "activity_id",
    "lesson_id",
    "observation_id",
    "person_id",
    "agreement_id",
    "pair_id",
    "community_id",
    "school_id",
)


def upgrade() -> None:
    """Add what is new; tables whose constraints change are made anew, no other table names them."""
    op.create_table(
        "ignored_finding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ignored_on", sa.Date(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_ignored_finding_reason")),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_ignored_finding_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ignored_finding")),
        sa.UniqueConstraint(
            "adoption_id", "finding", name=op.f("uq_ignored_finding_adoption_id_finding")
        ),
    )
    with op.batch_alter_table("ignored_finding") as batch_op:
        batch_op.create_index(op.f("ix_ignored_finding_adoption_id"), ["adoption_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_reminder_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_reminder_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_reminder_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.create_index(op.f("ix_reminder_adoption_id"), ["adoption_id"], unique=False)
        batch_op.create_index(op.f("ix_reminder_person_id"), ["person_id"], unique=False)
        batch_op.create_index(op.f("ix_reminder_school_id"), ["school_id"], unique=False)

    op.create_table(
        "scheme_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("changed_for", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_scheme_version_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_version")),
        sa.UniqueConstraint(
            "adoption_id", "version", name=op.f("uq_scheme_version_adoption_id_version")
        ),
    )
    with op.batch_alter_table("scheme_version") as batch_op:
        batch_op.create_index(op.f("ix_scheme_version_adoption_id"), ["adoption_id"], unique=False)

    op.create_table(
        "entered_value",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("community_id", sa.String(length=36), nullable=True),
        sa.Column("pair_id", sa.String(length=36), nullable=True),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("lesson_id", sa.String(length=36), nullable=True),
        sa.Column("term", sa.Integer(), nullable=True),
        sa.Column("years_back", sa.Integer(), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('input', 'deduction', 'figure', 'grade')", name=op.f("ck_entered_value_kind")
        ),
        sa.CheckConstraint("number IS NOT NULL OR word <> ''", name=op.f("ck_entered_value_said")),
        sa.CheckConstraint("years_back >= 0", name=op.f("ck_entered_value_years_back")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_entered_value_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_entered_value_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_entered_value_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
            name=op.f("fk_entered_value_lesson_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["mentor_pair.id"],
            name=op.f("fk_entered_value_pair_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_entered_value_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_entered_value_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entered_value")),
    )
    with op.batch_alter_table("entered_value") as batch_op:
        batch_op.create_index(op.f("ix_entered_value_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_adoption_id"), ["adoption_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_community_id"), ["community_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_person_id"), ["person_id"], unique=False)
        batch_op.create_index(op.f("ix_entered_value_school_id"), ["school_id"], unique=False)

    op.create_table(
        "paper_receipt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("lesson_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("pair_id", sa.String(length=36), nullable=True),
        sa.Column("community_id", sa.String(length=36), nullable=True),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(activity_id IS NOT NULL) + (lesson_id IS NOT NULL) + (person_id IS NOT NULL) + (pair_id IS NOT NULL) + (community_id IS NOT NULL) + (school_id IS NOT NULL) = 1",
            name=op.f("ck_paper_receipt_exactly_one_target"),
        ),
        sa.CheckConstraint("copies > 0", name=op.f("ck_paper_receipt_copies")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_paper_receipt_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_paper_receipt_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
            name=op.f("fk_paper_receipt_lesson_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["person.id"],
            name=op.f("fk_paper_receipt_owner_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["mentor_pair.id"],
            name=op.f("fk_paper_receipt_pair_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_paper_receipt_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_paper_receipt_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_receipt")),
    )
    with op.batch_alter_table("paper_receipt") as batch_op:
        batch_op.create_index(op.f("ix_paper_receipt_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_community_id"), ["community_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_person_id"), ["person_id"], unique=False)
        batch_op.create_index(op.f("ix_paper_receipt_school_id"), ["school_id"], unique=False)

    op.create_table(
        "reminder_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reminder_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["reminder.id"],
            name=op.f("fk_reminder_line_reminder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_line")),
    )
    with op.batch_alter_table("reminder_line") as batch_op:
        batch_op.create_index(op.f("ix_reminder_line_reminder_id"), ["reminder_id"], unique=False)

    op.add_column("activity", sa.Column("level", sa.String(), server_default="", nullable=False))
    op.create_index("ix_activity_of_year", "activity", ["community_id", "held_on"], unique=False)

    with op.batch_alter_table("assessment_score") as batch_op:
        batch_op.add_column(sa.Column("pair_id", sa.String(length=36), nullable=True))
        batch_op.create_index(op.f("ix_assessment_score_pair_id"), ["pair_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_assessment_score_pair_id"),
            "mentor_pair",
            ["pair_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.add_column(sa.Column("community_id", sa.String(length=36), nullable=True))
        batch_op.drop_constraint(
            op.f("uq_assessment_score_item_id_role_assessor_school_id_person_id"), type_="unique"
        )
        batch_op.create_index(
            op.f("ix_assessment_score_community_id"), ["community_id"], unique=False
        )
        batch_op.create_unique_constraint(
            "uq_assessment_score_given",
            ["item_id", "role", "assessor", "school_id", "person_id", "community_id", "pair_id"],
        )
        batch_op.create_foreign_key(
            op.f("fk_assessment_score_community_id"),
            "community",
            ["community_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )

    op.add_column("evidence", sa.Column("level", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("evidence_link") as batch_op:
        batch_op.drop_constraint(op.f("ck_evidence_link_exactly_one_target"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_evidence_link_exactly_one_target"),
            " + ".join(f"({column} IS NOT NULL)" for column in _TARGETS) + " = 1",
        )
        batch_op.add_column(sa.Column("pair_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("community_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("school_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("counted_on", sa.Date(), nullable=True))
        batch_op.create_index(op.f("ix_evidence_link_community_id"), ["community_id"], unique=False)
        batch_op.drop_index(op.f("ix_evidence_link_activity_id"))
        batch_op.create_index("ix_evidence_link_slot", ["slot"], unique=False)
        batch_op.create_index(
            "ix_evidence_link_filled",
            ["activity_id", "slot", "owner_id", "evidence_id"],
            unique=False,
            sqlite_where=sa.text("activity_id IS NOT NULL"),
        )
        batch_op.create_index(op.f("ix_evidence_link_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(op.f("ix_evidence_link_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(op.f("ix_evidence_link_school_id"), ["school_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_evidence_link_community_id"),
            "community",
            ["community_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_evidence_link_pair_id"),
            "mentor_pair",
            ["pair_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_evidence_link_school_id"),
            "school",
            ["school_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_evidence_link_owner_id"),
            "person",
            ["owner_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )

    op.add_column(
        "scheme_adoption", sa.Column("changed_for", sa.String(), server_default="", nullable=False)
    )

    with op.batch_alter_table("waiver") as batch_op:
        batch_op.add_column(sa.Column("lesson_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("school_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("community_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("pair_id", sa.String(length=36), nullable=True))
        batch_op.create_index(op.f("ix_waiver_community_id"), ["community_id"], unique=False)
        batch_op.create_index(op.f("ix_waiver_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(op.f("ix_waiver_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(op.f("ix_waiver_school_id"), ["school_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_waiver_community_id"),
            "community",
            ["community_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_waiver_school_id"),
            "school",
            ["school_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_waiver_lesson_id"),
            "lesson",
            ["lesson_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            op.f("fk_waiver_pair_id"),
            "mentor_pair",
            ["pair_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
