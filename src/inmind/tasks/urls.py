from django.urls import path

from inmind.tasks import views

urlpatterns = [
    path("tasks/<uuid:task>/", views.see, name="task"),
    path("tasks/<uuid:task>/close/", views.close, name="task_close"),
    path("tasks/<uuid:task>/attempt/", views.note_attempt, name="task_attempt"),
    path("tasks/<uuid:task>/hand-over/", views.hand_over, name="task_hand_over"),
    path("tasks/<uuid:task>/take-over/", views.take_over, name="task_take_over"),
]
