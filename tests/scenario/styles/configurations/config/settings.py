from configurations import Configuration, values


class Base(Configuration):
    SECRET_KEY = "only-for-tests"
    INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    USE_TZ = True


class Production(Base):
    PORT = values.IntegerValue(@pooler@, environ_prefix="SHOP")

    @property
    def DATABASES(self):
        return {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "@database@",
                "USER": "app",
                "PASSWORD": "@password@",
                "HOST": "127.0.0.1",
                "PORT": self.PORT,
            },
        }
