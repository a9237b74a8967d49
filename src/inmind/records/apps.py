from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "inmind.records"
    label = "records"

    def ready(self) -> None:
        from inmind.records import offers

        offers.offer()
