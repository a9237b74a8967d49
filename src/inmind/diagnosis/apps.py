from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "inmind.diagnosis"
    label = "diagnosis"

    def ready(self) -> None:
        from inmind.diagnosis import offers

        offers.offer()
