"""The door for a web server; production's settings unless told otherwise. It stays shut when a check fails."""

import os
import sys

from django.core import checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lorenskog_intranet.settings.production")

application = get_wsgi_application()

# Servers run no system checks by themselves: without its keys, or with others, nothing here may begin to answer.
if serious := [
    message
    for message in checks.run_checks(tags=[checks.Tags.security, checks.Tags.database], databases=["default"])
    if message.is_serious() and not message.is_silenced()
]:
    sys.exit("The intranet does not start:\n\n" + "\n\n".join(str(message) for message in serious))
