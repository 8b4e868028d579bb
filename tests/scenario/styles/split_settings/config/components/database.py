PRIMARY = {
    "ENGINE": "django_prometheus.db.backends.postgresql",
    "NAME": "@database@",
    "USER": "app",
    "PASSWORD": "@password@",
    "HOST": "127.0.0.1",
    "PORT": "@pooler@",
}
DATABASES = {
    "default": PRIMARY,
    "jobs": {**PRIMARY, "CONN_MAX_AGE": 60},
    "replica": {**PRIMARY, "PORT": "@replica@"},
    "pooled_replica": {**PRIMARY, "NAME": "readonly"},
    "files": {"ENGINE": "django_prometheus.db.backends.sqlite3", "NAME": "files.sqlite3"},
    "archive": {**PRIMARY, "NAME": "@other_database@", "PORT": "@other_server@"},
}
