"""A learning platform: pages whose one button launches a link by LTI 1.1 or 1.3, as real ones do.

>>> with Platform(hub_url) as platform:
...     page.goto(platform.page_of(link, user="ada", lti="1.3"))
...     page.click("text=Open")

It speaks OpenID Connect for itself: a login is begun by the platform, answered at ``/authorize``
with a signed token, and checked by the hub against the keys at ``/jwks``.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.oauth1 import SIGNATURE_TYPE_BODY, Client

KEY, SECRET, CLIENT, KEY_ID = "the-hub", "a-shared-secret", "the-tool", "key-1"
_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


@dataclass
class Platform:
    """A platform, from ``with`` to its end.

    Attributes:
        hub: The hub that it launches, with its base path and without a trailing slash.
    """

    hub: str
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    server: ThreadingHTTPServer = field(
        default_factory=lambda: ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    )

    def __enter__(self):
        self.server.platform = self
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        """The platform's address: another site than the hub's, as it is in life."""
        return f"http://localhost:{self.server.server_port}"

    def page_of(self, link, *, user, lti):
        """Give the address of the page on which a learner finds a teacher's link."""
        return f"{self.url}/course?{urlencode({'link': link, 'user': user, 'lti': lti})}"

    def course(self, link, user, lti):
        """Show a link as a button."""
        fields = self._launch_1_1(link, user) if lti == "1.1" else self._launch_1_3(link, user)
        target = link if lti == "1.1" else f"{self.hub}/hub/lti13/oauth_login"
        return _form(target, fields)

    def authorize(self, **asked):
        """Answer the hub's question who this is."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": asked["client_id"],
            "sub": asked["login_hint"],
            "email": asked["login_hint"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 60,
            f"{_CLAIM}version": "1.3.0",
            f"{_CLAIM}message_type": "LtiResourceLinkRequest",
            f"{_CLAIM}deployment_id": "1",
            f"{_CLAIM}target_link_uri": asked["lti_message_hint"],
            f"{_CLAIM}resource_link": {"id": "assignment-1"},
            f"{_CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        }
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})
        return _form(asked["redirect_uri"], {"id_token": token, "state": asked["state"]})

    @property
    def jwks(self):
        """The key by which the hub knows the platform's word."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def _launch_1_1(self, link, user):
        fields = {
            "lti_message_type": "basic-lti-launch-request",
            "lti_version": "LTI-1p0",
            "resource_link_id": "assignment-1",
            "user_id": user,
        }
        signer = Client(KEY, client_secret=SECRET, signature_type=SIGNATURE_TYPE_BODY)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        _, _, body = signer.sign(link, "POST", urlencode(fields), kind)
        return dict(parse_qsl(body))

    def _launch_1_3(self, link, user):
        return {
            "iss": self.url,
            "client_id": CLIENT,
            "login_hint": user,
            "lti_message_hint": link,
            "target_link_uri": link,
        }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        platform = self.server.platform
        parts = urlsplit(self.path)
        fields = dict(parse_qsl(parts.query))
        if parts.path == "/course":
            self._answer("text/html; charset=utf-8", platform.course(**fields))
        elif parts.path == "/authorize":
            # A platform that has its learner logged in sends them on without a click.
            page = platform.authorize(**fields) + "<script>document.forms[0].submit()</script>"
            self._answer("text/html; charset=utf-8", page)
        elif parts.path == "/jwks":
            self._answer("application/json", json.dumps(platform.jwks))
        else:
            self.send_error(404)

    def _answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def _form(target, fields):
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        f'<!DOCTYPE html><html lang="en"><title>Course</title><form method="post" '
        f'action="{escape(target)}">{hidden}<button>Open</button></form></html>'
    )
