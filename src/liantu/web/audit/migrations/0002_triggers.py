from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from liantu.web.audit import triggers


def _set(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.setting(editor.connection.vendor):
        editor.execute(statement)


def _drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.dropping(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(_set, _drop)]
