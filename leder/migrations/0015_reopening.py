from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leder", "0014_seals")]

    operations = []
