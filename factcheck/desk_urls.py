"""The addresses of the admin. Importing this imports the pages of all apps."""

from django.contrib import admin

admin.autodiscover()

urlpatterns = admin.site.get_urls()
