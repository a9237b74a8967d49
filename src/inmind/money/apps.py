from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "inmind.money"
    label = "money"

    def ready(self) -> None:
        from inmind.money import offers

        offers.offer()
