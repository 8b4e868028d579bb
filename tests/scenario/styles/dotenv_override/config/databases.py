import os
from pathlib import Path

from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent.parent / ".env", override=True)

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "@database@",
        "USER": "app",
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
        "HOST": os.environ.get("PG_BOUNCER_HOST") or os.environ["POSTGRES_HOST"],
        "PORT": os.environ.get("PG_BOUNCER_PORT") or os.environ["POSTGRES_PORT"],
    },
}
