

app_name = "kernel"
urlpatterns: list = []
