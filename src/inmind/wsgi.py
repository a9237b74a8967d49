"""The door for a web server. Start-up stops here when a route has no verb."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inmind.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from inmind.access.door import check_routes  # noqa: E402

check_routes()
