from django.apps import AppConfig


class AwayConfig(AppConfig):
    name = "inmind.away"
    label = "away"

    def ready(self) -> None:
        from inmind.away import offers

        offers.offer()
