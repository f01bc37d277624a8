"""The acts of the trail that are about doors: each with its meaning."""

from __future__ import annotations

DOORS = {
    "user.logged_in": "somebody logged in at the desk",
    "user.logged_out": "somebody logged out",
    "user.login_failed": "a wrong password, code or passkey was tried",
    "user.login_refused": "an attempt was refused, since too many had failed",
    "user.locked": "so many attempts failed that no more are tried for a while",
    "user.unlocked": "an administrator let the account be tried again",
    "user.second_factor_set": "somebody set up an app that shows codes",
    "user.passkey_added": "somebody added a passkey to their second factor",
    "user.passkey_refused": "a passkey was refused, since it had counted back: there may be a copy of it",
    "user.authenticator_removed": "somebody removed an app or a passkey, and has another",
    "user.second_factor_removed": "somebody removed their second factor",
    "user.second_factor_reset": "an administrator removed somebody's second factor",
    "user.recovery_code_used": "somebody got in with a recovery code",
    "user.recovery_codes_made": "somebody made new recovery codes",
    "user.sessions_ended": "all sessions and tokens of a person were ended",
    "user.some_sessions_ended": "somebody ended sessions of their own",
    "user.tokens_ended": "all tokens of a person were ended, with the password with which they were made",
    "user.password_changed": "somebody chose another password",
    "user.sso_refused": "somebody came from the identity provider and was not let in",
    "user.identity_connected": "an account was connected with a person of the identity provider",
    "user.identity_removed": "an administrator removed the connection with a person of the identity provider",
    "user.role_changed": "somebody has another role",
    "user.permissions_changed": "somebody has other rights of their own, or became a superuser, or is one no more",
    "group.permissions_changed": "a role has other rights",
    "authtoken.used_elsewhere": "a token was used from another address than before",
    "export.asked": "somebody took a list, a report or the whole register out",
}
