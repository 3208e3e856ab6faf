import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from essaim.kernel.checks import refuse_misconfigured_production  # noqa: E402

refuse_misconfigured_production()
