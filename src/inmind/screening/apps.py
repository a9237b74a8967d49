from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "inmind.screening"
    label = "screening"

    def ready(self) -> None:
        from inmind.screening import offers

        offers.offer()
