DATABASES = {
    "default": {
        "ENGINE": "django_db_geventpool.backends.postgresql_psycopg3",
        "NAME": "@database@",
        "USER": "app",
        "PASSWORD": "@password@",
        "HOST": "127.0.0.1",
        "PORT": "@pooler@",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"MAX_CONNS": 4, "REUSE_CONNS": 2},
    },
}
