from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "inmind.access"
    label = "access"

    def ready(self) -> None:
        from inmind.access import guard, offers, subscribers, triggers

        connection_created.connect(guard.install, dispatch_uid="inmind.guard")
        post_migrate.connect(triggers.after_migrating, sender=self, dispatch_uid="inmind.triggers")
        offers.offer()
        subscribers.listen()
