from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    name = "inmind.frontdoor"
    label = "frontdoor"
