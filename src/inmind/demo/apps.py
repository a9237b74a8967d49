from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "inmind.demo"
    label = "demo"
