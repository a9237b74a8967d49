from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "inmind.families"
    label = "families"

    def ready(self) -> None:
        from inmind.families import offers

        offers.offer()
