from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "inmind.jobs"
    label = "jobs"
