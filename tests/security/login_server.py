"""A real OpenID Connect server: Django with django-oauth-toolkit, listening on a port of this machine.

It signs its tokens with code of its own (jwcrypto), so what our client makes of them is no agreement of one
library with itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT = "donghaeng"
SECRET = "the secret of our client"
PASSWORD = "비 오는 날의 우산 하나"
REDIRECT = "https://desk.example/console/oidc/callback"
AFTER_LOGOUT = "https://desk.example/console/login"
FORM = "<form method=post>{% csrf_token %}<input type=hidden name=next value='{{ next }}'>{{ form }}</form>"


@dataclass
class LoginServer:
    """The server while it runs."""

    issuer: str
    key: str
    """The private key that it signs with, PEM."""

    def add(self, name: str, *groups: str, shown: str = "김기관") -> None:
        """Somebody who may log in there."""
        from django.contrib.auth.models import Group, User

        user = User.objects.create_user(name, password=PASSWORD, first_name=shown)
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])

    def regroup(self, name: str, *groups: str) -> None:
        """Put somebody into other groups."""
        from django.contrib.auth.models import Group, User

        found = [Group.objects.get_or_create(name=group)[0] for group in groups]
        User.objects.get(username=name).groups.set(found)

    def browse(self, address: str, name: str) -> httpx.URL:
        """What a browser does there: opens the address, logs in as ``name``, and is sent back; where to."""
        with httpx.Client(follow_redirects=False, trust_env=False) as browser:
            answer = browser.get(address)
            assert answer.status_code == 302, answer.text
            if "/login/" in answer.headers["location"]:
                page = browser.get(answer.url.join(answer.headers["location"]))
                form = dict(
                    re.findall(r'name=["\']?(csrfmiddlewaretoken|next)["\']? value=["\']([^"\']*)', page.text)
                )
                form["next"] = form["next"].replace("&amp;", "&")
                answer = browser.post(page.url, data={**form, "username": name, "password": PASSWORD})
                assert answer.status_code == 302, answer.text
                answer = browser.get(answer.url.join(answer.headers["location"]))
            assert answer.status_code == 302, answer.text
            return httpx.URL(answer.headers["location"])


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def login_server(folder: Path) -> Iterator[LoginServer]:
    """The server, its records in ``folder``. One a process: Django is configured once."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    server = _Server(("127.0.0.1", 0), _Quiet)
    issuer = f"http://127.0.0.1:{server.server_port}/o"
    _configure(folder, pem, issuer)

    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from oauth2_provider.models import Application

    Application.objects.create(
        client_id=CLIENT,
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=REDIRECT,
        post_logout_redirect_uris=AFTER_LOGOUT,
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield LoginServer(issuer, pem)
    finally:
        server.shutdown()
        server.server_close()


def _configure(folder: Path, pem: str, issuer: str) -> None:
    from django.conf import settings

    # Its tables are made from its models: forty migrations of others would be run for nothing.
    own = ("auth", "contenttypes", "sessions", "oauth2_provider")
    settings.configure(
        SECRET_KEY="of a test",
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        ROOT_URLCONF="tests.security.login_server_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "login.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIGRATION_MODULES=dict.fromkeys(own),
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick; nobody's are real
        LOGIN_URL="/login/",
        LOGGING_CONFIG=None,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": FORM})],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_ISS_ENDPOINT": issuer,
            "OIDC_RSA_PRIVATE_KEY": pem,
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "PKCE_REQUIRED": True,
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
            "SCOPES": {"openid": "openid", "profile": "profile"},
            "OAUTH2_VALIDATOR_CLASS": "tests.security.login_server_urls.WithGroups",
            "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
            "ID_TOKEN_EXPIRE_SECONDS": 300,
        },
    )
