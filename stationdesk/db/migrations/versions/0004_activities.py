"""Schema 4: activities with sessions and attendance, volunteers with checks and shifts, partners, work
groups, contracts, photos."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

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
    "contract": (
        ("number", _TEXT, False),
        ("name", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("provider", _TEXT, False),
        ("purchaser", _TEXT, False),
        ("amount", _INT, False),
        ("funding", _CODE, False),
        ("start", _DAY, False),
        ("end", _DAY, False),
        ("lead", _TEXT, True),
        ("status", _CODE, False),
        ("terminated_on", _DAY, True),
        ("note", _TEXT, True),
    ),
    "deliverable": (
        ("contract_id", _INT, False, "contract"),
        ("indicator", _TEXT, False),
        ("title", _TEXT, True),
        ("unit", _TEXT, True),
        ("target", _INT, False),
        ("actual", _INT, True),
        ("due_on", _DAY, True),
        ("adjustment", _INT, True),
        ("adjustment_reason", _TEXT, True),
    ),
    "payment": (
        ("contract_id", _INT, False, "contract"),
        ("seq", _INT, False),
        ("condition", _TEXT, True),
        ("planned_on", _DAY, False),
        ("planned_amount", _INT, False),
        ("paid_on", _DAY, True),
        ("paid_amount", _INT, True),
        ("voucher", _TEXT, True),
    ),
    "contract_assessment": (
        ("contract_id", _INT, False, "contract"),
        ("point", _CODE, False),
        ("assessed_on", _DAY, False),
        ("score", _INT, False),
        ("grade", _CODE, True),
        ("remark", _TEXT, True),
    ),
    "activity": (
        ("title", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("form", _CODE, False),
        ("category", _CODE, False),
        ("domains", _LONG, False),
        ("organiser", _TEXT, True),
        ("leader_id", _INT, True, "staff"),
        ("target", _TEXT, False),
        ("age_from", _INT, True),
        ("age_to", _INT, True),
        ("quota", _INT, True),
        ("expected_count", _INT, False),
        ("off_site", _BOOL, False),
        ("guardian_required", _BOOL, False),
        ("consent_required", _BOOL, False),
        ("safety_plan", _TEXT, True),
        ("budget", _INT, True),
        ("funding", _CODE, True),
        ("contract_id", _INT, True, "contract"),
        ("feature", _BOOL, False),
        ("summary", _TEXT, True),
        ("ended_on", _DAY, True),
    ),
    "activity_session": (
        ("activity_id", _INT, False, "activity"),
        ("seq", _INT, False),
        ("start", _MOMENT, False),
        ("end", _MOMENT, False),
        ("booking_id", _INT, True, "booking"),
        ("place", _TEXT, True),
        ("responsible_id", _INT, True, "staff"),
        ("staff_ids", _LONG, False),
        ("items", _TEXT, True),
        ("headcount_children", _INT, False),
        ("headcount_adults", _INT, False),
        ("status", _CODE, False),
        ("reason", _TEXT, True),
        ("cost", _INT, True),
        ("satisfaction", _INT, True),
    ),
    "attendance": (
        ("session_id", _INT, False, "activity_session"),
        ("child_id", _INT, False, "child"),
        ("state", _CODE, False),
        ("signed_at", _MOMENT, False),
        ("guardian_present", _BOOL, False),
        ("picked_up_by", _TEXT, True),
    ),
    "volunteer": (
        ("name", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("sex", _CODE, True),
        ("id_kind", _CODE, True),
        ("id_no", _TEXT, True),
        ("birth_date", _DAY, True),
        ("phone", _TEXT, True),
        ("volunteer_no", _TEXT, True),
        ("organisation", _TEXT, True),
        ("skills", _LONG, False),
        ("languages", _LONG, False),
        ("guardian_consent", _BOOL, False),
        ("service_scope", _TEXT, True),
        ("insured_until", _DAY, True),
        ("status", _CODE, False),
        ("joined_on", _DAY, True),
        ("left_on", _DAY, True),
        ("note", _TEXT, True),
    ),
    "screening_check": (
        ("staff_id", _INT, True, "staff"),
        ("volunteer_id", _INT, True, "volunteer"),
        ("queried_on", _DAY, False),
        ("authority", _CODE, False),
        ("result", _CODE, False),
        ("doc_no", _TEXT, True),
    ),
    "training": (
        ("staff_id", _INT, True, "staff"),
        ("volunteer_id", _INT, True, "volunteer"),
        ("topic", _TEXT, False),
        ("day", _DAY, False),
        ("hours", _INT, False),
        ("organiser", _TEXT, True),
        ("level", _CODE, False),
        ("certificate_no", _TEXT, True),
    ),
    "volunteer_shift": (
        ("volunteer_id", _INT, False, "volunteer"),
        ("session_id", _INT, True, "activity_session"),
        ("start", _MOMENT, True),
        ("end", _MOMENT, True),
        ("work", _CODE, False),
        ("place", _TEXT, True),
        ("confirmed_by", _INT, True, "staff"),
        ("did_not_come", _BOOL, False),
        ("evaluation", _INT, True),
        ("note", _TEXT, True),
    ),
    "hour_rules": (
        ("daily_cap", _INT, False),
        ("round_to", _INT, False),
    ),
    "certificate": (
        ("number", _TEXT, False),
        ("volunteer_id", _INT, False, "volunteer"),
        ("name", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("sex", _CODE, True),
        ("id_kind", _CODE, True),
        ("id_no", _TEXT, True),
        ("volunteer_no", _TEXT, True),
        ("organisation", _TEXT, True),
        ("first", _DAY, False),
        ("last", _DAY, False),
        ("lines", _LONG, False),
        ("minutes", _INT, False),
        ("daily_cap", _INT, False),
        ("round_to", _INT, False),
        ("issued_on", _DAY, False),
        ("issuer", _TEXT, False),
        ("handler", _TEXT, False),
        ("responsible", _TEXT, False),
        ("contact", _TEXT, False),
        ("note", _TEXT, True),
        ("printed", _INT, False),
        ("void_on", _DAY, True),
        ("void_reason", _TEXT, True),
    ),
    "partner": (
        ("name", _TEXT, False),
        ("name_key", _TEXT, False),
        ("words", _LONG, False),
        ("dept", _CODE, False),
        ("kind", _CODE, False),
        ("address", _TEXT, True),
        ("phone", _TEXT, True),
        ("cooperation", _TEXT, True),
        ("agreed_from", _DAY, True),
        ("agreed_to", _DAY, True),
        ("since", _DAY, True),
        ("until", _DAY, True),
    ),
    "partner_contact": (
        ("partner_id", _INT, False, "partner"),
        ("name", _TEXT, False),
        ("post", _TEXT, True),
        ("phone", _TEXT, True),
        ("is_liaison", _BOOL, False),
    ),
    "joint_work": (
        ("day", _DAY, False),
        ("matter", _TEXT, False),
        ("result", _TEXT, True),
    ),
    "partner_link": (
        ("partner_id", _INT, False, "partner"),
        ("activity_id", _INT, True, "activity"),
        ("joint_work_id", _INT, True, "joint_work"),
    ),
    "work_group": (
        ("kind", _CODE, False),
        ("name", _TEXT, False),
        ("doc_no", _TEXT, True),
        ("founded_on", _DAY, False),
        ("duties", _TEXT, True),
        ("meets_every", _INT, True),
        ("dissolved_on", _DAY, True),
    ),
    "group_member": (
        ("group_id", _INT, False, "work_group"),
        ("staff_id", _INT, True, "staff"),
        ("contact_id", _INT, True, "partner_contact"),
        ("position", _CODE, False),
        ("expertise", _LONG, False),
        ("since", _DAY, False),
        ("until", _DAY, True),
    ),
    "group_meeting": (
        ("group_id", _INT, False, "work_group"),
        ("day", _DAY, False),
        ("kind", _CODE, False),
        ("place", _TEXT, True),
        ("chair_id", _INT, True, "group_member"),
        ("topics", _TEXT, False),
        ("decisions", _TEXT, False),
    ),
    "group_attendance": (
        ("meeting_id", _INT, False, "group_meeting"),
        ("member_id", _INT, False, "group_member"),
    ),
    "group_task": (
        ("meeting_id", _INT, False, "group_meeting"),
        ("what", _TEXT, False),
        ("member_id", _INT, False, "group_member"),
        ("due_on", _DAY, False),
        ("done_on", _DAY, True),
        ("result", _TEXT, True),
    ),
    "session_photo": (
        ("session_id", _INT, False, "activity_session"),
        ("caption", _TEXT, True),
        ("seen", _CODE, False),
        ("kind", _CODE, False),
        ("size", _INT, False),
        ("sha256", sa.String(length=64), False),
    ),
    "session_photo_child": (
        ("photo_id", _INT, False, "session_photo"),
        ("child_id", _INT, False, "child"),
    ),
}
_INDEXES = (
    ("activity", ("name_key", "id")),
    ("activity", ("leader_id",)),
    ("activity", ("contract_id",)),
    ("deliverable", ("contract_id",)),
    ("payment", ("contract_id",)),
    ("contract_assessment", ("contract_id",)),
    ("activity_session", ("activity_id",)),
    ("activity_session", ("start",)),
    ("attendance", ("child_id",)),
    ("volunteer", ("name_key", "id")),
    ("volunteer", ("id_no",)),
    ("screening_check", ("staff_id",)),
    ("screening_check", ("volunteer_id",)),
    ("training", ("staff_id",)),
    ("training", ("volunteer_id",)),
    ("volunteer_shift", ("volunteer_id",)),
    ("volunteer_shift", ("session_id",)),
    ("certificate", ("volunteer_id",)),
    ("certificate", ("issued_on",)),
    ("partner", ("name_key", "id")),
    ("partner_contact", ("partner_id",)),
    ("joint_work", ("day",)),
    ("partner_link", ("partner_id",)),
    ("partner_link", ("activity_id",)),
    ("partner_link", ("joint_work_id",)),
    ("group_member", ("group_id",)),
    ("group_meeting", ("group_id",)),
    ("group_meeting", ("day",)),
    ("group_attendance", ("meeting_id",)),
    ("group_attendance", ("member_id",)),
    ("group_task", ("meeting_id",)),
    ("group_task", ("member_id",)),
    ("session_photo", ("session_id",)),
    ("session_photo_child", ("photo_id",)),
    ("session_photo_child", ("child_id",)),
)
_UNIQUE = (
    ("activity_session", ("booking_id",)),
    ("attendance", ("session_id", "child_id")),
    ("certificate", ("number",)),
)
_CHECKS = (
    ("activity_session", '"start" < "end"', "ordered"),
    ("contract", '"start" <= "end"', "ordered"),
    ("screening_check", "(staff_id IS NULL) <> (volunteer_id IS NULL)", "one_person"),
    ("training", "(staff_id IS NULL) <> (volunteer_id IS NULL)", "one_person"),
    ("partner_link", "(activity_id IS NULL) <> (joint_work_id IS NULL)", "one_matter"),
    ("group_member", "(staff_id IS NULL) <> (contact_id IS NULL)", "one_person"),
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.create_table(table, *_columns(columns), *_keys(table, columns))
    _create_photo_content()
    for table, names in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))
    own = sa.text("start IS NOT NULL")
    op.create_index("ix_volunteer_shift_start", "volunteer_shift", ["start"], sqlite_where=own)


def _create_photo_content() -> None:
    key = op.f("fk_session_photo_content_id_session_photo")
    op.create_table(
        "session_photo_content",
        sa.Column("id", _INT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_photo_content")),
        sa.ForeignKeyConstraint(["id"], ["session_photo.id"], name=key, ondelete="RESTRICT"),
    )


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
    for place, names in _UNIQUE:
        if place == table:
            keys.append(sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}")))
    for place, rule, name in _CHECKS:
        if place == table:
            keys.append(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")))
    return keys
