import django.db.models.deletion
from django.db import migrations, models
from django_tenants.postgresql_backend.base import _check_schema_name


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Customer", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("schema_name", models.CharField(db_index=True, max_length=63, unique=True, validators=[_check_schema_name])),
            ("name", models.CharField(max_length=100)),
        ], options={"abstract": False}),
        migrations.CreateModel("Domain", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("domain", models.CharField(db_index=True, max_length=253, unique=True)),
            ("is_primary", models.BooleanField(db_index=True, default=True)),
            ("tenant", models.ForeignKey(db_index=True, on_delete=django.db.models.deletion.CASCADE, related_name="domains",
                                         to="customers.customer")),
        ], options={"abstract": False}),
    ]
