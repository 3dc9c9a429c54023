"""The station file: the only users of SQLAlchemy and of the encrypted database."""
