from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("leder", "0008_importing"),
    ]

    operations = []
