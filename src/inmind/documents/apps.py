from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "inmind.documents"
    label = "documents"

    def ready(self) -> None:
        from inmind.documents import offers

        offers.offer()
