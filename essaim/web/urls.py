from django.urls import path

from essaim.web.views import pages, todo

app_name = "web"
urlpatterns = [
    path("", pages.home, name="home"),
    path("recherche/", pages.search, name="search"),
    path("a-faire/", todo.todo, name="todo"),
    path("a-faire/fichier/", todo.todo_file, name="todo_file"),
    path("a-faire/nombre/", todo.count, name="todo_count"),
    path("a-faire/<str:kind>/<str:subject>/repousser/", todo.snooze, name="snooze"),
]
