"""The acts of the trail that are about doors: each with its meaning."""

from __future__ import annotations

DOORS = {
    "user.logged_in": "somebody logged in at the desk",
    "user.logged_out": "somebody logged out",
    "user.login_failed": "a wrong password or code was tried",
    "user.login_refused": "an attempt was refused, since too many had failed",
    "user.locked": "so many attempts failed that no more are tried for a while",
    "user.unlocked": "an administrator let the account be tried again",
}
