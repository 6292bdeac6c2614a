"""A real OpenID provider (django-oauth-toolkit) in a process of its own, which can also be told to misbehave.

It prints its port. What is posted to /control/ says who is signed in to it and what its tokens say.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from jwcrypto import jwk, jwt

CLIENT, SECRET = "outturn-test", "a secret between the two"
STATE = {"claims": {}, "instead": {}, "wrong_key": False}
KEY, WRONG_KEY = (jwk.JWK.generate(kty="RSA", size=2048) for _ in range(2))


def main() -> None:
    server = make_server("127.0.0.1", 0, lambda *args: application(*args), handler_class=Quiet)
    issuer = f"http://127.0.0.1:{server.server_port}"
    apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"]
    settings.configure(
        SECRET_KEY="only for tests", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, INSTALLED_APPS=apps, USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIGRATION_MODULES={app.rsplit(".")[-1]: None for app in apps},
        MIDDLEWARE=[f"{__name__}.signed_in"],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True, "PKCE_REQUIRED": True, "OIDC_RSA_PRIVATE_KEY": KEY.export_to_pem(True, None).decode(),
            "OIDC_ISS_ENDPOINT": issuer, "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
            "SCOPES": {"openid": "", "profile": "", "email": ""}, "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    begin()
    print(server.server_port, flush=True)
    server.serve_forever()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Say nothing."""


def begin() -> None:
    global application, Validator, urlpatterns
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import include, path
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    User.objects.create(username="whoever")
    Application.objects.create(
        client_id=CLIENT, client_secret=SECRET, hash_client_secret=False, client_type="confidential",
        algorithm="RS256", skip_authorization=True,
        authorization_grant_type="authorization-code", redirect_uris="http://testserver/sign-in/council/back/",
        post_logout_redirect_uris="http://testserver/",
    )  # fmt: skip

    class Lying(OAuth2Validator):
        oidc_claim_scope = None

        def get_additional_claims(self, request):
            return STATE["claims"]

        def finalize_id_token(self, id_token, token, token_handler, request):
            made = super().finalize_id_token(id_token, token, token_handler, request)
            if not (STATE["instead"] or STATE["wrong_key"]):
                return made
            said = jwt.JWT(jwt=made, key=KEY, check_claims={})
            claims = json.loads(said.claims) | STATE["instead"]
            claims = {name: value for name, value in claims.items() if value is not None}
            lie = jwt.JWT(header=said.header, claims=json.dumps(claims))
            lie.make_signed_token(WRONG_KEY if STATE["wrong_key"] else KEY)
            return lie.serialize()

    def control(request):
        STATE.update({"claims": {}, "instead": {}, "wrong_key": False} | json.loads(request.body))
        return HttpResponse()

    Validator = Lying
    urlpatterns = [path("control/", control), path("", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    application = get_wsgi_application()


def signed_in(get_response):
    from django.contrib.auth.models import User

    def respond(request):
        request.user = User.objects.get(username="whoever")
        return get_response(request)

    return respond


if __name__ == "__main__":
    sys.modules["openid_provider"] = sys.modules["__main__"]
    __name__ = "openid_provider"  # the settings name things by their module
    main()
