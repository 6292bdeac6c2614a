"""The site for a WSGI server: `outturn serve` uses it, and any other server can."""

import os

from django.core.wsgi import get_wsgi_application

from outturn.workspace import from_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outturn.site.settings")
from_environment().about()  # a sentence at the start, instead of an error on every page
application = get_wsgi_application()
