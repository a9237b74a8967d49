from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "inmind.learning"
    label = "learning"

    def ready(self) -> None:
        from inmind.learning import offers

        offers.offer()
