from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "inmind.services"
    label = "services"

    def ready(self) -> None:
        from inmind.services import offers

        offers.offer()
