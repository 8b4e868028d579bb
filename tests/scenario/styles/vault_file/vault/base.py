"""As with a Vault agent: each connect reads the file that the agent rewrites when the password is rotated."""
from pathlib import Path

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        return {**super().get_connection_params(), "password": Path("vault/secret.txt").read_text().strip()}
