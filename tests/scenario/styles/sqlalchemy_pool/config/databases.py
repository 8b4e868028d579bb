DATABASES = {
    "default": {
        "ENGINE": "dj_db_conn_pool.backends.postgresql",
        "NAME": "@database@",
        "USER": "app",
        "PASSWORD": "@password@",
        "HOST": "127.0.0.1",
        "PORT": "@pooler@",
        "POOL_OPTIONS": {"POOL_SIZE": 2, "MAX_OVERFLOW": 2, "RECYCLE": 3600},
    },
}
