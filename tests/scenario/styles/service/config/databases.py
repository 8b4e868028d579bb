import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
os.environ["PGSERVICEFILE"] = str(HERE / "pg_service.conf")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"service": "shop", "passfile": HERE / "passfile"},
    },
}
