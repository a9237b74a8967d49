from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "inmind.records"
    label = "records"
