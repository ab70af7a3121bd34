"""The first form of an archive."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables and the full-text index."""
    op.create_table(
        "draft",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_draft")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("original_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("doc_no", sa.String(), nullable=False),
        sa.Column("secrecy", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("pages_from", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("orientation", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.String(length=19), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('ok', 'encrypted', 'damaged')", name=op.f("ck_evidence_state")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_evidence_sha256")),
        sa.CheckConstraint("pages IS NULL OR pages >= 0", name=op.f("ck_evidence_pages")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("sha256", name=op.f("uq_evidence_sha256")),
    )
    op.create_index(op.f("ix_evidence_dated_on"), "evidence", ["dated_on"], unique=False)
    op.create_index(op.f("ix_evidence_kind"), "evidence", ["kind"], unique=False)
    op.create_table(
        "evidence_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence_text")),
    )
    op.create_table(
        "journal_batch",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_seq", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('begin', 'do', 'undo', 'redo')", name=op.f("ck_journal_batch_kind")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_batch")),
        sa.UniqueConstraint("id", name=op.f("uq_journal_batch_id")),
    )
    op.create_table(
        "rubric",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("name", name=op.f("uq_rubric_name")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_school_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("name", name=op.f("uq_school_name")),
    )
    op.create_table(
        "school_year",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_school_year_ends_on_order"),
        ),
        sa.CheckConstraint("year BETWEEN 1949 AND 2199", name=op.f("ck_school_year_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("year", name=op.f("uq_school_year_year")),
    )
    op.create_table(
        "search_body",
        sa.Column("rowid_", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("keys", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("rowid_", name=op.f("pk_search_body")),
    )
    op.create_table(
        "search_entry",
        sa.Column("rowid_", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("dated", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("rowid_", name=op.f("pk_search_entry")),
    )
    op.create_index("uq_search_entry_record", "search_entry", ["record_id"], unique=True)
    op.create_table(
        "setting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("name", name=op.f("uq_setting_name")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("batch_seq", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.CheckConstraint(
            "op IN ('insert', 'update', 'delete')", name=op.f("ck_journal_entry_op")
        ),
        sa.ForeignKeyConstraint(
            ["batch_seq"], ["journal_batch.seq"], name=op.f("fk_journal_entry_batch_seq")
        ),
        sa.PrimaryKeyConstraint("batch_seq", "ordinal", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        "ix_journal_entry_deleted",
        "journal_entry",
        ["batch_seq"],
        unique=False,
        sqlite_where=sa.text("op = 'delete'"),
    )
    op.create_index("ix_journal_entry_record", "journal_entry", ["record_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("born_on", sa.String(length=10), nullable=False),
        sa.Column("ethnic_group", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=False),
        sa.Column("education", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("joined_on", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_person_named")),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_person_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_index(op.f("ix_person_school_id"), "person", ["school_id"], unique=False)
    op.create_table(
        "rubric_grade",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rubric_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at_least", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["rubric.id"],
            name=op.f("fk_rubric_grade_rubric_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_grade")),
        sa.UniqueConstraint("rubric_id", "name", name=op.f("uq_rubric_grade_rubric_id_name")),
    )
    op.create_index(op.f("ix_rubric_grade_rubric_id"), "rubric_grade", ["rubric_id"], unique=False)
    op.create_table(
        "rubric_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rubric_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("guidance", sa.String(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_rubric_item_points")),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["rubric.id"],
            name=op.f("fk_rubric_item_rubric_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_item")),
    )
    op.create_index(op.f("ix_rubric_item_rubric_id"), "rubric_item", ["rubric_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("school_year_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_term_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_term_school_year_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint(
            "school_year_id", "ordinal", name=op.f("uq_term_school_year_id_ordinal")
        ),
    )
    op.create_index(op.f("ix_term_school_year_id"), "term", ["school_year_id"], unique=False)
    op.create_table(
        "community",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("name_plate", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_community_named")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_community_not_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["community.id"],
            name=op.f("fk_community_parent_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_community_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_community_parent_id_name")),
    )
    op.create_index(op.f("ix_community_parent_id"), "community", ["parent_id"], unique=False)
    op.create_index(op.f("ix_community_person_id"), "community", ["person_id"], unique=False)
    op.create_table(
        "honour",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("awarded_on", sa.String(length=10), nullable=False),
        sa.Column("awarded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_honour_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour")),
    )
    op.create_index(op.f("ix_honour_person_id"), "honour", ["person_id"], unique=False)
    op.create_table(
        "person_subject",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_subject_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_subject")),
        sa.UniqueConstraint(
            "person_id", "subject", name=op.f("uq_person_subject_person_id_subject")
        ),
    )
    op.create_index(
        op.f("ix_person_subject_person_id"), "person_subject", ["person_id"], unique=False
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("host_id", sa.String(length=36), nullable=True),
        sa.Column("recorder_id", sa.String(length=36), nullable=True),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("next_steps", sa.String(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_activity_titled")),
        sa.CheckConstraint(
            "ends_on IS NULL OR held_on IS NULL OR ends_on >= held_on",
            name=op.f("ck_activity_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_activity_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["person.id"],
            name=op.f("fk_activity_host_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorder_id"],
            ["person.id"],
            name=op.f("fk_activity_recorder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_community_id"), "activity", ["community_id"], unique=False)
    op.create_index(op.f("ix_activity_host_id"), "activity", ["host_id"], unique=False)
    op.create_index("ix_activity_listed", "activity", ["held_on", "id"], unique=False)
    op.create_index(op.f("ix_activity_recorder_id"), "activity", ["recorder_id"], unique=False)
    op.create_index(op.f("ix_activity_title"), "activity", ["title"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_agreement_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_agreement_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_community_id"), "agreement", ["community_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_appointment_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_appointment_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_appointment_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint(
            "community_id",
            "person_id",
            "role",
            "starts_on",
            name=op.f("uq_appointment_community_id_person_id_role_starts_on"),
        ),
    )
    op.create_index(
        op.f("ix_appointment_community_id"), "appointment", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_appointment_person_id"), "appointment", ["person_id"], unique=False)
    op.create_table(
        "community_unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_community_unit_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_community_unit_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_community_unit_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_unit")),
        sa.UniqueConstraint(
            "community_id",
            "school_id",
            "role",
            "starts_on",
            name=op.f("uq_community_unit_community_id_school_id_role_starts_on"),
        ),
    )
    op.create_index(
        op.f("ix_community_unit_community_id"), "community_unit", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_community_unit_school_id"), "community_unit", ["school_id"], unique=False
    )
    op.create_table(
        "dispatch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("from_school_id", sa.String(length=36), nullable=True),
        sa.Column("to_school_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("days >= 0 AND lessons >= 0", name=op.f("ck_dispatch_counts")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_dispatch_ends_on_order"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_dispatch_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["from_school_id"],
            ["school.id"],
            name=op.f("fk_dispatch_from_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_dispatch_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["to_school_id"],
            ["school.id"],
            name=op.f("fk_dispatch_to_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    op.create_index(op.f("ix_dispatch_community_id"), "dispatch", ["community_id"], unique=False)
    op.create_index(
        op.f("ix_dispatch_from_school_id"), "dispatch", ["from_school_id"], unique=False
    )
    op.create_index(op.f("ix_dispatch_person_id"), "dispatch", ["person_id"], unique=False)
    op.create_index(op.f("ix_dispatch_to_school_id"), "dispatch", ["to_school_id"], unique=False)
    op.create_table(
        "draw",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_draw_count")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_draw_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
    )
    op.create_index(op.f("ix_draw_community_id"), "draw", ["community_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("school_year_id", sa.String(length=36), nullable=False),
        sa.Column("term_id", sa.String(length=36), nullable=True),
        sa.Column("month", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_plan_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_plan_school_year_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["term_id"],
            ["term.id"],
            name=op.f("fk_plan_term_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_community_id"), "plan", ["community_id"], unique=False)
    op.create_index(op.f("ix_plan_school_year_id"), "plan", ["school_year_id"], unique=False)
    op.create_index(op.f("ix_plan_term_id"), "plan", ["term_id"], unique=False)
    op.create_table(
        "scheme_adoption",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("school_year_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scheme_key", sa.String(), nullable=False),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.String(length=32), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scheme_adoption_version")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_scheme_adoption_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_scheme_adoption_school_year_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_adoption")),
        sa.UniqueConstraint(
            "community_id",
            "school_year_id",
            "version",
            name=op.f("uq_scheme_adoption_community_id_school_year_id_version"),
        ),
    )
    op.create_index(
        op.f("ix_scheme_adoption_community_id"), "scheme_adoption", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_scheme_adoption_school_year_id"),
        "scheme_adoption",
        ["school_year_id"],
        unique=False,
    )
    op.create_table(
        "activity_unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_activity_unit_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_activity_unit_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_unit")),
        sa.UniqueConstraint(
            "activity_id",
            "school_id",
            "role",
            name=op.f("uq_activity_unit_activity_id_school_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_activity_unit_activity_id"), "activity_unit", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_activity_unit_school_id"), "activity_unit", ["school_id"], unique=False
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_agenda_item_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_agenda_item_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index(
        op.f("ix_agenda_item_activity_id"), "agenda_item", ["activity_id"], unique=False
    )
    op.create_index(op.f("ix_agenda_item_person_id"), "agenda_item", ["person_id"], unique=False)
    op.create_table(
        "assessment_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.CheckConstraint("points IS NULL OR points >= 0", name=op.f("ck_assessment_item_points")),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_assessment_item_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["assessment_item.id"],
            name=op.f("fk_assessment_item_parent_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_item")),
        sa.UniqueConstraint("adoption_id", "no", name=op.f("uq_assessment_item_adoption_id_no")),
    )
    op.create_index(
        op.f("ix_assessment_item_adoption_id"), "assessment_item", ["adoption_id"], unique=False
    )
    op.create_index(
        op.f("ix_assessment_item_parent_id"), "assessment_item", ["parent_id"], unique=False
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("signed_at", sa.Time(), nullable=True),
        sa.Column("leave_reason", sa.String(), nullable=False),
        sa.Column("leave_written", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('expected', 'present', 'leave', 'absent')",
            name=op.f("ck_attendance_status"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_attendance_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_attendance_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "activity_id", "person_id", name=op.f("uq_attendance_activity_id_person_id")
        ),
    )
    op.create_index(op.f("ix_attendance_activity_id"), "attendance", ["activity_id"], unique=False)
    op.create_index(op.f("ix_attendance_person_id"), "attendance", ["person_id"], unique=False)
    op.create_table(
        "box",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("spine_mm", sa.Double(), nullable=False),
        sa.Column("thickness_mm", sa.Double(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("arranged_by", sa.String(), nullable=False),
        sa.Column("arranged_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_box_number")),
        sa.CheckConstraint("spine_mm > 0 AND thickness_mm >= 0", name=op.f("ck_box_measures")),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_box_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("adoption_id", "number", name=op.f("uq_box_adoption_id_number")),
    )
    op.create_index(op.f("ix_box_adoption_id"), "box", ["adoption_id"], unique=False)
    op.create_table(
        "draw_person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["draw.id"],
            name=op.f("fk_draw_person_draw_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_draw_person_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_person")),
        sa.UniqueConstraint("draw_id", "person_id", name=op.f("uq_draw_person_draw_id_person_id")),
    )
    op.create_index(op.f("ix_draw_person_draw_id"), "draw_person", ["draw_id"], unique=False)
    op.create_index(op.f("ix_draw_person_person_id"), "draw_person", ["person_id"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_duty_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_duty_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_activity_id"), "duty", ["activity_id"], unique=False)
    op.create_index(op.f("ix_duty_person_id"), "duty", ["person_id"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("teacher_id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("taught_on", sa.Date(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("lesson_kind", sa.String(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("receiving_school_id", sa.String(length=36), nullable=True),
        sa.Column("receiving_class", sa.String(), nullable=False),
        sa.Column("receiving_teacher_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_lesson_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["receiving_school_id"],
            ["school.id"],
            name=op.f("fk_lesson_receiving_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["receiving_teacher_id"],
            ["person.id"],
            name=op.f("fk_lesson_receiving_teacher_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_lesson_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"],
            ["person.id"],
            name=op.f("fk_lesson_teacher_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index(op.f("ix_lesson_activity_id"), "lesson", ["activity_id"], unique=False)
    op.create_index("ix_lesson_listed", "lesson", ["taught_on", "id"], unique=False)
    op.create_index(
        op.f("ix_lesson_receiving_school_id"), "lesson", ["receiving_school_id"], unique=False
    )
    op.create_index(
        op.f("ix_lesson_receiving_teacher_id"), "lesson", ["receiving_teacher_id"], unique=False
    )
    op.create_index(op.f("ix_lesson_school_id"), "lesson", ["school_id"], unique=False)
    op.create_index(op.f("ix_lesson_teacher_id"), "lesson", ["teacher_id"], unique=False)
    op.create_table(
        "mentor_pair",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.String(length=36), nullable=False),
        sa.Column("mentor_id", sa.String(length=36), nullable=False),
        sa.Column("mentee_id", sa.String(length=36), nullable=False),
        sa.Column("agreement_id", sa.String(length=36), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_mentor_pair_ends_on_order"),
        ),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_mentor_pair_two_people")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_mentor_pair_agreement_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_mentor_pair_community_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["person.id"],
            name=op.f("fk_mentor_pair_mentee_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["person.id"],
            name=op.f("fk_mentor_pair_mentor_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_pair")),
    )
    op.create_index(
        op.f("ix_mentor_pair_agreement_id"), "mentor_pair", ["agreement_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentor_pair_community_id"), "mentor_pair", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_mentor_pair_mentee_id"), "mentor_pair", ["mentee_id"], unique=False)
    op.create_index(op.f("ix_mentor_pair_mentor_id"), "mentor_pair", ["mentor_id"], unique=False)
    op.create_table(
        "plan_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_plan_item_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_plan_item_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_plan_item_plan_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
    )
    op.create_index(op.f("ix_plan_item_activity_id"), "plan_item", ["activity_id"], unique=False)
    op.create_index(op.f("ix_plan_item_person_id"), "plan_item", ["person_id"], unique=False)
    op.create_index(op.f("ix_plan_item_plan_id"), "plan_item", ["plan_id"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_waiver_reason")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_waiver_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_waiver_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_waiver_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index(op.f("ix_waiver_activity_id"), "waiver", ["activity_id"], unique=False)
    op.create_index(op.f("ix_waiver_adoption_id"), "waiver", ["adoption_id"], unique=False)
    op.create_index(op.f("ix_waiver_person_id"), "waiver", ["person_id"], unique=False)
    op.create_table(
        "assessment_score",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("assessor", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('self', 'assessor')", name=op.f("ck_assessment_score_role")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["assessment_item.id"],
            name=op.f("fk_assessment_score_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_assessment_score_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_assessment_score_school_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_score")),
        sa.UniqueConstraint(
            "item_id",
            "role",
            "assessor",
            "school_id",
            "person_id",
            name=op.f("uq_assessment_score_item_id_role_assessor_school_id_person_id"),
        ),
    )
    op.create_index(
        op.f("ix_assessment_score_item_id"), "assessment_score", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_assessment_score_person_id"), "assessment_score", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_assessment_score_school_id"), "assessment_score", ["school_id"], unique=False
    )
    op.create_table(
        "box_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("box_id", sa.String(length=36), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=False),
        sa.Column("assessment_item_id", sa.String(length=36), nullable=False),
        sa.Column("lies_at_id", sa.String(length=36), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("folio_start", sa.Integer(), nullable=False),
        sa.Column("folio_end", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "folio_start >= 1 AND folio_end >= folio_start OR folio_start = 0 AND folio_end = 0",
            name=op.f("ck_box_item_folios"),
        ),
        sa.CheckConstraint(
            "lies_at_id IS NULL OR lies_at_id <> id", name=op.f("ck_box_item_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_item_id"],
            ["assessment_item.id"],
            name=op.f("fk_box_item_assessment_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["box_id"],
            ["box.id"],
            name=op.f("fk_box_item_box_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_box_item_evidence_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lies_at_id"],
            ["box_item.id"],
            name=op.f("fk_box_item_lies_at_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_item")),
        sa.UniqueConstraint(
            "evidence_id",
            "assessment_item_id",
            name=op.f("uq_box_item_evidence_id_assessment_item_id"),
        ),
    )
    op.create_index(
        op.f("ix_box_item_assessment_item_id"), "box_item", ["assessment_item_id"], unique=False
    )
    op.create_index(op.f("ix_box_item_box_id"), "box_item", ["box_id"], unique=False)
    op.create_index(op.f("ix_box_item_evidence_id"), "box_item", ["evidence_id"], unique=False)
    op.create_index(op.f("ix_box_item_lies_at_id"), "box_item", ["lies_at_id"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("lesson_id", sa.String(length=36), nullable=False),
        sa.Column("observer_id", sa.String(length=36), nullable=False),
        sa.Column("rubric_id", sa.String(length=36), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("strengths", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("overall", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("overlap_reason", sa.String(), nullable=False),
        sa.CheckConstraint("score IS NULL OR score >= 0", name=op.f("ck_observation_score")),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
            name=op.f("fk_observation_lesson_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["observer_id"],
            ["person.id"],
            name=op.f("fk_observation_observer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["rubric.id"],
            name=op.f("fk_observation_rubric_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint(
            "lesson_id", "observer_id", name=op.f("uq_observation_lesson_id_observer_id")
        ),
    )
    op.create_index(op.f("ix_observation_lesson_id"), "observation", ["lesson_id"], unique=False)
    op.create_index(
        op.f("ix_observation_observed_on"), "observation", ["observed_on"], unique=False
    )
    op.create_index(
        op.f("ix_observation_observer_id"), "observation", ["observer_id"], unique=False
    )
    op.create_index(op.f("ix_observation_rubric_id"), "observation", ["rubric_id"], unique=False)
    op.create_index(op.f("ix_observation_score"), "observation", ["score"], unique=False)
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=False),
        sa.Column("assessment_item_id", sa.String(length=36), nullable=True),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("lesson_id", sa.String(length=36), nullable=True),
        sa.Column("observation_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("agreement_id", sa.String(length=36), nullable=True),
        sa.Column("slot", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(assessment_item_id IS NOT NULL) + (activity_id IS NOT NULL) + (lesson_id IS NOT NULL) + (observation_id IS NOT NULL) + (person_id IS NOT NULL) + (agreement_id IS NOT NULL) = 1",
            name=op.f("ck_evidence_link_exactly_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_evidence_link_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_evidence_link_agreement_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_item_id"],
            ["assessment_item.id"],
            name=op.f("fk_evidence_link_assessment_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_evidence_link_evidence_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
            name=op.f("fk_evidence_link_lesson_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_evidence_link_observation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_evidence_link_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
        sa.UniqueConstraint(
            "evidence_id",
            "activity_id",
            "slot",
            name=op.f("uq_evidence_link_evidence_id_activity_id_slot"),
        ),
    )
    op.create_index(
        op.f("ix_evidence_link_activity_id"), "evidence_link", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_link_agreement_id"), "evidence_link", ["agreement_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_link_assessment_item_id"),
        "evidence_link",
        ["assessment_item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_evidence_link_evidence_id"), "evidence_link", ["evidence_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_link_lesson_id"), "evidence_link", ["lesson_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_link_observation_id"), "evidence_link", ["observation_id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_link_person_id"), "evidence_link", ["person_id"], unique=False
    )
    op.create_index(
        "uq_evidence_link_item", "evidence_link", ["evidence_id", "assessment_item_id"], unique=True
    )
    op.create_table(
        "observation_score",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("observation_id", sa.String(length=36), nullable=False),
        sa.Column("rubric_item_id", sa.String(length=36), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_observation_score_points")),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_observation_score_observation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["rubric_item_id"],
            ["rubric_item.id"],
            name=op.f("fk_observation_score_rubric_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_score")),
        sa.UniqueConstraint(
            "observation_id",
            "rubric_item_id",
            name=op.f("uq_observation_score_observation_id_rubric_item_id"),
        ),
    )
    op.create_index(
        op.f("ix_observation_score_observation_id"),
        "observation_score",
        ["observation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_score_rubric_item_id"),
        "observation_score",
        ["rubric_item_id"],
        unique=False,
    )
    op.create_table(
        "observation_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("observation_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=True),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_observation_step_observation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_step")),
    )
    op.create_index(
        op.f("ix_observation_step_observation_id"),
        "observation_step",
        ["observation_id"],
        unique=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(text, content='', tokenize='ascii')"
        )
