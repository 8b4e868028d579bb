from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_DB_", env_file=".env")

    name: str = "@database@"
    user: str = "app"
    password: SecretStr
    host: str
    port: int


db = DatabaseSettings()

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": db.name,
        "USER": db.user,
        "PASSWORD": db.password.get_secret_value(),
        "HOST": db.host,
        "PORT": db.port,
    },
}
