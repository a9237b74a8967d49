from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "inmind.messages"
    label = "letters"  # Django's own messages framework has the other name

    def ready(self) -> None:
        from inmind.messages import offers

        offers.offer()
