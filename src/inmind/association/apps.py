from django.apps import AppConfig


class AssociationConfig(AppConfig):
    name = "inmind.association"
    label = "association"

    def ready(self) -> None:
        from inmind.association import offers

        offers.offer()
