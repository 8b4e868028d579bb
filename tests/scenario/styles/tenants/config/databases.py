DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": "@database@",
        "USER": "app",
        "PASSWORD": "@password@",
        "HOST": "127.0.0.1",
        "PORT": "@pooler@",
    },
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SHARED_APPS = ["django_tenants", "customers", "django.contrib.contenttypes", "django.contrib.auth"]
TENANT_APPS = ["django.contrib.contenttypes", "shop"]
INSTALLED_APPS = [*SHARED_APPS, "shop"]
TENANT_MODEL = "customers.Customer"
TENANT_DOMAIN_MODEL = "customers.Domain"
