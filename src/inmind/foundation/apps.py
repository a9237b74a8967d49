from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "inmind.foundation"
    label = "foundation"
