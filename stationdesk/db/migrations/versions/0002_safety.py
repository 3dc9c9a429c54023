"""Schema 2: the audit, drafts, emergency access, safety settings, what accounts know of passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KEPT = (
    ("id", sa.Integer(), False),
    ("uuid", sa.String(length=32), False),
    ("version", sa.Integer(), False),
    ("created_at", sa.String(length=25), False),
    ("created_by", sa.String(length=40), False),
    ("updated_at", sa.String(length=25), False),
    ("updated_by", sa.String(length=40), False),
    ("deleted_at", sa.String(length=25), True),
)


def _kept(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in _KEPT),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{table}_uuid")),
    ]


def upgrade() -> None:
    op.add_column("account", sa.Column("must_change", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("account", sa.Column("password_since", sa.Date(), nullable=True))
    op.add_column("account", sa.Column("old_passwords", sa.Text(), nullable=False, server_default=""))
    op.add_column("account", sa.Column("last_login", sa.String(length=25), nullable=True))
    op.create_table(
        "safety",
        sa.Column("lock_minutes", sa.Integer(), nullable=False),
        sa.Column("strict_passwords", sa.Boolean(), nullable=False),
        sa.Column("second_folder", sa.String(), nullable=True),
        sa.Column("accepted_folder", sa.String(), nullable=True),
        *_kept("safety"),
    )
    op.create_table(
        "emergency",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("seen_by", sa.String(length=40), nullable=True),
        *_kept("emergency"),
    )
    op.create_index("ix_emergency_seen_by", "emergency", ["seen_by"])
    op.create_table(
        "draft",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("saved_at", sa.String(length=25), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("username", "uuid", name=op.f("pk_draft")),
    )
    _audit()


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=25), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_action_seq", "audit", ["action", "seq"])
    op.create_index("ix_audit_actor_seq", "audit", ["actor", "seq"])
    op.create_table(
        "chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
    )
    for table in ("audit", "chain"):
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END"
            )
