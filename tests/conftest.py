"""What all tests share."""

from tests.engine import django_db_modify_db_settings, fast_passwords

__all__ = ["django_db_modify_db_settings", "fast_passwords"]
