"""Schema 1: the station, its team, rooms and bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("repeat", sa.String(length=40), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("uuid", name=op.f("uq_series_uuid")),
    )
    op.create_table(
        "special_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
        sa.UniqueConstraint("day", name=op.f("uq_special_day_day")),
        sa.UniqueConstraint("uuid", name=op.f("uq_special_day_uuid")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("qualifications", sa.Text(), nullable=False),
        sa.Column("certificate_no", sa.String(), nullable=True),
        sa.Column("full_time", sa.Boolean(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("uuid", name=op.f("uq_staff_uuid")),
    )
    op.create_index(op.f("ix_staff_name_key_id"), "staff", ["name_key", "id"], unique=False)
    op.create_table(
        "account",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_account_staff_id_staff"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
        sa.UniqueConstraint("uuid", name=op.f("uq_account_uuid")),
    )
    op.create_index(op.f("ix_account_staff_id"), "account", ["staff_id"], unique=False)
    op.create_table(
        "community",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("director_id", sa.Integer(), nullable=True),
        sa.Column("minors_count", sa.Integer(), nullable=True),
        sa.Column("grid_note", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.ForeignKeyConstraint(
            ["director_id"], ["staff.id"], name=op.f("fk_community_director_id_staff"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("uuid", name=op.f("uq_community_uuid")),
    )
    op.create_index(op.f("ix_community_director_id"), "community", ["director_id"], unique=False)
    op.create_index(op.f("ix_community_name_key_id"), "community", ["name_key", "id"], unique=False)
    op.create_table(
        "room",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("privacy", sa.String(length=40), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("side_by_side", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("safety_check_due", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["staff.id"], name=op.f("fk_room_manager_id_staff"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("name", name=op.f("uq_room_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_room_uuid")),
    )
    op.create_table(
        "station",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("city_name", sa.String(), nullable=False),
        sa.Column("district_name", sa.String(), nullable=False),
        sa.Column("township_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("hotline", sa.String(), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("law_deputy_id", sa.Integer(), nullable=True),
        sa.Column("minors_population", sa.Integer(), nullable=True),
        sa.Column("feature_name", sa.String(), nullable=True),
        sa.Column("feature_text", sa.String(), nullable=True),
        sa.Column("guarantees_note", sa.String(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("report_due_day", sa.Integer(), nullable=False),
        sa.Column("cutoff_day", sa.Integer(), nullable=False),
        sa.Column("demo_today", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.ForeignKeyConstraint(["head_id"], ["staff.id"], name=op.f("fk_station_head_id_staff"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["law_deputy_id"], ["staff.id"], name=op.f("fk_station_law_deputy_id_staff"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["staff.id"], name=op.f("fk_station_supervisor_id_staff"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("uuid", name=op.f("uq_station_uuid")),
    )
    op.create_table(
        "booking",
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=False),
        sa.Column("end", sa.DateTime(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("applicant_kind", sa.String(length=40), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=True),
        sa.Column("applicant_phone", sa.String(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("expected_count", sa.Integer(), nullable=False),
        sa.Column("actual_count", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("override_reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("detached", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.CheckConstraint('"start" < "end"', name=op.f("ck_booking_ordered")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["staff.id"], name=op.f("fk_booking_responsible_id_staff"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_booking_room_id_room"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_booking_series_id_series"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("uuid", name=op.f("uq_booking_uuid")),
    )
    op.create_index(op.f("ix_booking_responsible_id"), "booking", ["responsible_id"], unique=False)
    op.create_index(op.f("ix_booking_room_id_start"), "booking", ["room_id", "start"], unique=False)
    op.create_index(op.f("ix_booking_series_id"), "booking", ["series_id"], unique=False)
    op.create_index(op.f("ix_booking_start"), "booking", ["start"], unique=False)
    op.create_table(
        "room_closure",
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("start", sa.DateTime(), nullable=False),
        sa.Column("end", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=25), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.String(length=25), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", sa.String(length=25), nullable=True),
        sa.CheckConstraint('"start" < "end"', name=op.f("ck_room_closure_ordered")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_closure_room_id_room"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_closure")),
        sa.UniqueConstraint("uuid", name=op.f("uq_room_closure_uuid")),
    )
    op.create_index(op.f("ix_room_closure_room_id"), "room_closure", ["room_id"], unique=False)
    op.create_index(op.f("ix_room_closure_start"), "room_closure", ["start"], unique=False)
