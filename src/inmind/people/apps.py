from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "inmind.people"
    label = "people"
