from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "inmind.workspace"
    label = "workspace"

    def ready(self) -> None:
        from inmind.workspace import offers

        offers.offer()
