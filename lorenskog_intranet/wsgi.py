"""The door for a web server; production's settings unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lorenskog_intranet.settings.production")

application = get_wsgi_application()
