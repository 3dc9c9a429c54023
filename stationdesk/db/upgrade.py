"""From an older schema to this program's: all steps in one transaction, checked before it ends."""

from pathlib import Path

from sqlalchemy import Connection, text

from stationdesk.db.engine import Database
from stationdesk.errors import Problem, StorageTrouble
from stationdesk.i18n import N_

SCHEMA = 4
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring `database` to `SCHEMA`; on any error the file stays as it was.

    Foreign keys are off before the transaction begins: with them on, a table rebuilt by alembic
    takes its child rows along without a word. Row counts are compared before the commit instead.
    Raises `StorageTrouble`.
    """
    with database.whole() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            before = _counts(connection)
            _run(connection)
            _check(connection, before)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
                connection.exec_driver_sql("ROLLBACK")
            raise
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _run(connection: Connection) -> None:
    # Seldom needed and slow to import, so only here.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def steps(revision: object, _context: object) -> list[object]:
        return list(script._upgrade_revs("head", revision))  # type: ignore[arg-type]

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()


def _counts(connection: Connection) -> dict[str, int]:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608 - a table of ours
        for (name,) in names.all()
        if name != "alembic_version"
    }


def _check(connection: Connection, before: dict[str, int]) -> None:
    after = _counts(connection)
    lost = [name for name, count in before.items() if after.get(name) != count]
    sound = (
        connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
        and connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    )
    if lost or not sound:
        raise StorageTrouble(Problem("", N_("数据升级时核对不符，已全部撤销，数据未被改动。请联系技术支持。")))
