from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "inmind.tasks"
    label = "tasks"

    def ready(self) -> None:
        from inmind.tasks import offers

        offers.offer()
