from django.apps import AppConfig


class ReflectionConfig(AppConfig):
    name = "inmind.reflection"
    label = "reflection"

    def ready(self) -> None:
        from inmind.reflection import offers

        offers.offer()
