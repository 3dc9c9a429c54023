"""Schema 3: the children's files, their households and families, what is kept of each, merges, attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_CODE, _TEXT, _LONG, _INT = sa.String(length=40), sa.String(), sa.Text(), sa.Integer()
_BOOL, _DAY, _MOMENT = sa.Boolean(), sa.Date(), sa.DateTime()
_STAMP = sa.String(length=25)

_KEPT = (
    ("id", _INT, False),
    ("uuid", sa.String(length=32), False),
    ("version", _INT, False),
    ("created_at", _STAMP, False),
    ("created_by", _CODE, False),
    ("updated_at", _STAMP, False),
    ("updated_by", _CODE, False),
    ("deleted_at", _STAMP, True),
)

# Columns: name, type, whether it may be empty, and the table it points to.
_TABLES: dict[str, tuple[tuple[object, ...], ...]] = {
    "household": (
        ("address", _TEXT, False),
        ("size", _INT, True),
        ("children", _INT, True),
        ("family_type", _CODE, True),
        ("housing", _CODE, True),
        ("housing_area", _INT, True),
        ("income_sources", _LONG, False),
        ("monthly_income", _INT, True),
        ("poverty_kind", _CODE, True),
        ("difficulties", _TEXT, True),
        ("surroundings", _TEXT, True),
    ),
    "child": (
        ("file_no", _TEXT, True),
        ("record_level", _CODE, False),
        ("status", _CODE, False),
        ("name", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("other_name", _TEXT, True),
        ("sex", _CODE, True),
        ("birth_date", _DAY, True),
        ("birth_precision", _CODE, False),
        ("id_kind", _CODE, True),
        ("id_no", _TEXT, True),
        ("no_id_reason", _CODE, True),
        ("ethnicity", _TEXT, True),
        ("reg_type", _CODE, True),
        ("reg_address", _TEXT, True),
        ("residence", _TEXT, True),
        ("community_id", _INT, True, "community"),
        ("phone", _TEXT, True),
        ("household_id", _INT, True, "household"),
        ("worker_id", _INT, True, "staff"),
        ("director_id", _INT, True, "staff"),
        ("counsellor_id", _INT, True, "staff"),
        ("helper_id", _INT, True, "staff"),
        ("discovered_via", _CODE, True),
        ("summary", _TEXT, True),
        ("merged_into_id", _INT, True, "child"),
    ),
    "family_member": (
        ("child_id", _INT, False, "child"),
        ("relation", _TEXT, False),
        ("name", _TEXT, True),
        ("sex", _CODE, True),
        ("id_no", _TEXT, True),
        ("birth_date", _DAY, True),
        ("phone", _TEXT, True),
        ("is_guardian", _BOOL, False),
        ("guardian_kind", _CODE, True),
        ("is_carer", _BOOL, False),
        ("lives_with_child", _BOOL, False),
        ("health", _CODE, True),
        ("disability", _CODE, True),
        ("grade", _CODE, True),
        ("occupation", _TEXT, True),
        ("work_place", _TEXT, True),
        ("state", _CODE, True),
        ("state_from", _DAY, True),
        ("state_months", _INT, True),
        ("reported_on", _DAY, True),
        ("note", _TEXT, True),
    ),
    "schooling": (
        ("child_id", _INT, False, "child"),
        ("stage", _CODE, False),
        ("school", _TEXT, True),
        ("grade_class", _TEXT, True),
        ("boarding", _BOOL, False),
        ("teacher_name", _TEXT, True),
        ("teacher_phone", _TEXT, True),
        ("since", _DAY, False),
        ("until", _DAY, True),
        ("dropout_on", _DAY, True),
        ("dropout_reason", _TEXT, True),
    ),
    "health_item": (
        ("child_id", _INT, False, "child"),
        ("kind", _CODE, False),
        ("disability", _CODE, True),
        ("grade", _CODE, True),
        ("autism", _BOOL, False),
        ("cert_no", _TEXT, True),
        ("illness", _CODE, True),
        ("text", _TEXT, True),
        ("diagnosed_on", _DAY, True),
        ("over_on", _DAY, True),
        ("costly", _BOOL, False),
    ),
    "benefit": (
        ("child_id", _INT, False, "child"),
        ("kind", _CODE, False),
        ("state", _CODE, False),
        ("amount", _INT, True),
        ("since", _DAY, False),
        ("until", _DAY, True),
        ("note", _TEXT, True),
    ),
    "child_category": (
        ("child_id", _INT, False, "child"),
        ("category", _CODE, False),
        ("since", _DAY, False),
        ("until", _DAY, True),
        ("basis", _TEXT, True),
        ("is_primary", _BOOL, False),
        ("orphan_kind", _CODE, True),
        ("improper_kinds", _LONG, False),
    ),
    "risk_level": (
        ("child_id", _INT, False, "child"),
        ("colour", _CODE, False),
        ("rated_at", _MOMENT, False),
        ("rated_by", _INT, True, "staff"),
        ("reason", _TEXT, False),
        ("assessment_uuid", sa.String(length=32), True),
    ),
    "assessment": (
        ("child_id", _INT, False, "child"),
        ("kind", _CODE, False),
        ("assessed_on", _DAY, False),
        ("assessor_id", _INT, False, "staff"),
        ("other_assessors", _TEXT, True),
        ("items", _LONG, False),
        ("score", _INT, True),
        ("level", _CODE, True),
        ("rating", _CODE, True),
        ("reason", _TEXT, True),
        ("conclusion", _TEXT, False),
        ("next_due", _DAY, True),
        ("reviewed_by", _INT, True, "staff"),
    ),
    "enrolment": (
        ("child_id", _INT, False, "child"),
        ("entered_on", _DAY, False),
        ("entry_reason", _CODE, False),
        ("left_on", _DAY, True),
        ("exit_reason", _CODE, True),
        ("exit_note", _TEXT, True),
        ("approved_by", _INT, True, "staff"),
    ),
    "consent": (
        ("child_id", _INT, False, "child"),
        ("kind", _CODE, False),
        ("given_by", _INT, True, "family_member"),
        ("assent", _BOOL, False),
        ("method", _CODE, False),
        ("signed_on", _DAY, False),
        ("valid_to", _DAY, True),
        ("withdrawn_on", _DAY, True),
        ("witnesses", _TEXT, True),
    ),
    "delegated_care": (
        ("child_id", _INT, False, "child"),
        ("carer_id", _INT, False, "family_member"),
        ("since", _DAY, False),
        ("signed_on", _DAY, True),
        ("valid_to", _DAY, True),
        ("school_told", _BOOL, False),
        ("village_told", _BOOL, False),
        ("weekly_contact", _BOOL, False),
        ("ability", _CODE, False),
        ("checked", _BOOL, False),
        ("note", _TEXT, True),
    ),
    "child_need": (
        ("child_id", _INT, False, "child"),
        ("need", _CODE, False),
        ("since", _DAY, False),
        ("met_on", _DAY, True),
        ("note", _TEXT, True),
    ),
    "child_merge": (
        ("kept_id", _INT, False, "child"),
        ("dropped_id", _INT, False, "child"),
        ("merged_on", _DAY, False),
        ("reason", _TEXT, False),
        ("before", _LONG, False),
        ("undone", _BOOL, False),
    ),
}
_INDEXES = (
    ("child", ("birth_date", "id")),
    ("child", ("community_id",)),
    ("child", ("counsellor_id",)),
    ("child", ("household_id",)),
    ("child", ("id_no",)),
    ("child", ("merged_into_id",)),
    ("child", ("worker_id",)),
    ("family_member", ("child_id",)),
    ("schooling", ("child_id",)),
    ("health_item", ("child_id",)),
    ("benefit", ("child_id",)),
    ("child_category", ("category",)),
    ("child_category", ("child_id",)),
    ("risk_level", ("child_id", "id")),
    ("assessment", ("child_id",)),
    ("enrolment", ("child_id",)),
    ("consent", ("child_id",)),
    ("delegated_care", ("child_id",)),
    ("child_need", ("child_id",)),
    ("child_merge", ("dropped_id",)),
    ("child_merge", ("kept_id",)),
)


# What a search looks at, so that it reads no whole file.
_FOUND = (
    ("child", ("name_key", "id", "words", "status", "deleted_at", "worker_id", "counsellor_id")),
    ("family_member", ("is_guardian", "child_id", "name", "phone", "deleted_at")),
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.create_table(table, *_columns(columns), *_keys(table, columns))
    for table, names in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))
    for table, names in _FOUND:
        op.create_index(f"ix_{table}_found", table, list(names))
    _attachments()


def _columns(columns: tuple[tuple[object, ...], ...]) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name, kind, nullable, *_target in (*columns, *_KEPT)]


def _keys(table: str, columns: tuple[tuple[object, ...], ...]) -> list[sa.schema.Constraint]:
    keys: list[sa.schema.Constraint] = [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{table}_uuid")),
    ]
    for name, _kind, _nullable, *target in columns:
        for other in target:
            keyed = op.f(f"fk_{table}_{name}_{other}")
            keys.append(sa.ForeignKeyConstraint([name], [f"{other}.id"], name=keyed, ondelete="RESTRICT"))
    if table == "child":
        keys.append(sa.UniqueConstraint("file_no", name=op.f("uq_child_file_no")))
    if table == "enrolment":
        keys.append(sa.CheckConstraint("left_on >= entered_on", name=op.f("ck_enrolment_ordered")))
    return keys


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("is_photo", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("uuid", name=op.f("uq_attachment_uuid")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_attachment_child_id_child"), ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_attachment_child_id", "attachment", ["child_id"])
    op.create_table(
        "attachment_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_content")),
        sa.ForeignKeyConstraint(
            ["id"], ["attachment.id"], name=op.f("fk_attachment_content_id_attachment"), ondelete="RESTRICT"
        ),
    )
