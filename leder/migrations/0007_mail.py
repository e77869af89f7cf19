from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("leder", "0006_hr_permissions"),
    ]

    operations = []
