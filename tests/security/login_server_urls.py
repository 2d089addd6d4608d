"""Addresses and claims of the login server (:mod:`tests.security.login_server`), which Django imports."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator


class WithGroups(OAuth2Validator):
    """Says who somebody is and what groups they are in, as organisations' servers do."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """The claims beside the standard ones."""
        user = request.user
        return {
            "name": user.first_name,
            "preferred_username": user.username,
            "groups": [group.name for group in user.groups.all()],
        }


urlpatterns = [
    path("login/", LoginView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
