DATABASES = {
    "default": {
        "ENGINE": "vault",
        "NAME": "@database@",
        "USER": "@user@",
        "HOST": "127.0.0.1",
        "PORT": "@pooler@",
    },
}
