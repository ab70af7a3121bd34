"""Paper: the offices' own forms, archival codes given, typed parts of reports, certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is new."""
    op.create_table(
        "template",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("original_name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_template_named")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_template_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("name", name=op.f("uq_template_name")),
    )
    op.create_table(
        "archival_code",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_archival_code_serial")),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_archival_code_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archival_code")),
        sa.UniqueConstraint("code", name=op.f("uq_archival_code_code")),
        sa.UniqueConstraint("series", "serial", name=op.f("uq_archival_code_series_serial")),
    )
    with op.batch_alter_table("archival_code") as batch_op:
        batch_op.create_index(op.f("ix_archival_code_adoption_id"), ["adoption_id"], unique=False)
        batch_op.create_index(op.f("ix_archival_code_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("activity_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_certificate_named")),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_certificate_serial")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_certificate_activity_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_certificate_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_certificate_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("series", "serial", name=op.f("uq_certificate_series_serial")),
    )
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.create_index(op.f("ix_certificate_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(op.f("ix_certificate_adoption_id"), ["adoption_id"], unique=False)
        batch_op.create_index(op.f("ix_certificate_person_id"), ["person_id"], unique=False)

    op.create_table(
        "report_text",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("adoption_id", sa.String(length=36), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["scheme_adoption.id"],
            name=op.f("fk_report_text_adoption_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint(
            "adoption_id",
            "report",
            "target",
            "part",
            name=op.f("uq_report_text_adoption_id_report_target_part"),
        ),
    )
    with op.batch_alter_table("report_text") as batch_op:
        batch_op.create_index(op.f("ix_report_text_adoption_id"), ["adoption_id"], unique=False)
