from django.apps import AppConfig


class EndorsementConfig(AppConfig):
    name = "inmind.endorsement"
    label = "endorsement"

    def ready(self) -> None:
        from inmind.endorsement import offers

        offers.offer()
