"""Station files as each schema left them; `python -m tests.db.released` writes the present one."""
