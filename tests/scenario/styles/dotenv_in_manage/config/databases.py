import os

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "@database@",
        "USER": "app",
        "PASSWORD": os.environ["DB_PASSWORD"],
        "HOST": os.environ["PGB_ADDRESS"],
        "PORT": os.environ["PGB_LISTEN"],
    },
}
