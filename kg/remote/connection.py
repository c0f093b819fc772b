"""HTTP to a server: addresses that hold no secret, credentials that travel safely, and errors that tell neither."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kg.errors import QueryError, StoreError

if TYPE_CHECKING:
    import requests

USER, PASSWORD, TOKEN = "KG_STORE_USER", "KG_STORE_PASSWORD", "KG_STORE_TOKEN"
"""The environment variables that hold credentials; without them ~/.netrc is asked."""
GRAPH_STORE = "KG_GRAPH_STORE"
"""The environment variable that names the Graph Store endpoint where it is not beside the query endpoint as `store`."""

CONNECT = 10.0
"""Seconds to wait for a connection."""
ANSWER = 600.0
"""Seconds to wait for an answer to begin."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ECHO = "SPARQL query:"
"""After this Virtuoso says again what it was asked."""


class Connection:
    """A session with a server. Each request raises StoreError where the server cannot be reached or refuses, and QueryError
    where it cannot do what it is asked."""

    def __init__(self) -> None:
        import requests

        self._session = requests.Session()
        self._session.headers["User-Agent"] = "kg"
        self._digests: dict[str, Any] = {}
        """The credentials by host, where it wants a digest of them."""
        if token := os.environ.get(TOKEN):
            self._session.auth = _Bearer(token)
        elif user := os.environ.get(USER):
            self._session.auth = (user, os.environ.get(PASSWORD, ""))

    def close(self) -> None:
        """Lets the connection go."""
        self._session.close()

    def send(
        self,
        method: str,
        address: str,
        parameters: Mapping[str, str],
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        missing_is_fine: bool = False,
    ) -> requests.Response:
        """The server's answer to a request."""
        import requests

        self.guard(address)
        send: dict[str, Any] = {
            "params": parameters,
            "data": data,
            "headers": headers,
            "timeout": (CONNECT, ANSWER),
            "allow_redirects": False,
        }
        host = urlsplit(address).netloc
        try:
            response = self._session.request(method, address, auth=self._digests.get(host), **send)
            if response.status_code == 401 and host not in self._digests and self._may_digest(response, address):
                response = self._session.request(method, address, auth=self._digests[host], **send)
        except requests.Timeout as error:
            raise StoreError(f"{shown(address)} did not answer in time: ask for less, or later") from error
        except (requests.RequestException, UnicodeError):
            raise StoreError(f"{shown(address)} cannot be reached: check the address and the network") from None
        if not (response.ok and not response.is_redirect) and not (missing_is_fine and response.status_code == 404):
            _refused(response, shown(address))
        return response

    def guard(self, address: str) -> None:
        """Raises StoreError where credentials would go to this address in the clear; those of ~/.netrc stay at home."""
        parts = urlsplit(address)
        if parts.scheme.lower() == "http" and parts.hostname not in _LOOPBACK:
            if self._session.auth:
                raise StoreError(f"{shown(address)}: credentials would travel in the clear: use https")
            self._session.trust_env = False

    def _may_digest(self, response: requests.Response, address: str) -> bool:
        """Whether the server may want a digest of the credentials, and they are known; it is given from now on. Virtuoso
        wants one, and does not even say so to who has come with a password."""
        from requests.auth import HTTPDigestAuth
        from requests.utils import get_netrc_auth

        wants = response.headers.get("WWW-Authenticate", "digest").lower().startswith("digest")
        known = self._session.auth or (get_netrc_auth(address) if self._session.trust_env else None)
        if not wants or not isinstance(known, tuple):
            return False
        self._digests[urlsplit(address).netloc] = HTTPDigestAuth(*known)
        return True


class _Bearer:
    """Adds a token to a request. As `auth`, for requests would put ~/.netrc over a header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def is_address(text: str) -> bool:
    """Whether this names a server rather than a folder."""
    return text.lower().startswith(("http://", "https://"))


def checked(address: str) -> str:
    """The address, if it is one and holds no credentials. Raises StoreError."""
    try:
        parts = urlsplit(address)
        named, secret = parts.hostname and (parts.port is None or parts.port), parts.username or parts.password
    except ValueError:
        named, secret = None, None
    if not named or not is_address(address):
        raise StoreError("the address of the store is none: write it as https://host/path")
    if secret:
        raise StoreError(
            "the address of the store holds a name or password, where other people can see it\n"
            f"Set {USER} and {PASSWORD}, or write the host into ~/.netrc"
        )
    return address


def shown(address: str) -> str:
    """An address as messages tell it: without what may be secret."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def _refused(response: requests.Response, where: str) -> None:
    """Raises the error that this response is; never with what was sent."""
    status = response.status_code
    if status in (401, 403):
        raise StoreError(
            f"{where} refuses access ({status})\nSet {USER} and {PASSWORD}, or {TOKEN}, or write the host into ~/.netrc"
        )
    if response.is_redirect:
        raise StoreError(f"{where} is somewhere else: give the address to which it leads")
    text = response.text[:2000].partition(_ECHO)[0]
    if "html" in response.headers.get("Content-Type", ""):
        text = re.sub(r"<title>.*?</title>|</?[a-z!][^>]*>", " ", text, flags=re.I | re.S)
    raise QueryError(f"{where} answers {status}: {' '.join(text.split())[:300] or response.reason}")
