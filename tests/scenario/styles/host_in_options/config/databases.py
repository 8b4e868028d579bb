DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "@database@",
        "OPTIONS": {"host": "127.0.0.1", "port": @pooler@, "user": "app", "password": "@password@"},
    },
}
