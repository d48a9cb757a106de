"""The HTTP API of a deployment, and ways in: what the environment says, see __main__.py."""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

API = os.environ["DESKWIRE_API"]
ACCOUNT = os.environ["DESKWIRE_ACCOUNT"]
ADMIN = os.environ["DESKWIRE_TOKEN"]
SIGN_ON_SECRET = os.environ["DESKWIRE_SIGN_ON_SECRET"]
# How long anything may take before a story fails: emulators are slow, and functions start at their first call.
DEADLINE_SECONDS = 60
LOOK_SECONDS = 0.1
TOKEN_SECONDS = 300


def call(method: str, path: str, token: str = ADMIN, body=None):
    """Calls the API; it must be granted."""
    status, answer = ask(method, path, token, body)
    assert status < 300, f"{method} {path}: {status} {answer}"
    return answer


def ask(method: str, path: str, token: str | None, body=None) -> tuple[int, object]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    data = None
    if body is not None:
        data, headers["content-type"] = json.dumps(body).encode(), "application/json"
    request = urllib.request.Request(API + path, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def until(what: str, look, wanted):
    """Looks until what is seen is wanted."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        seen = look()
        if wanted(seen):
            return seen
        assert time.monotonic() < deadline, f"{what} does not come: {seen}"
        time.sleep(LOOK_SECONDS)


def token(grant: dict) -> str:
    return call("POST", "/v1/token", None, {"account": ACCOUNT, **grant})["access_token"]


def anonymous() -> str:
    return token({"grant_type": "urn:deskwire:grant-type:anonymous"})


def agent(name: str) -> str:
    """An agent's token, by the company's own sign-on."""
    return exchange("https://staff.example", {"sub": name, "roles": ["agent"]})


def exchange(issuer: str, claims: dict) -> str:
    now = int(time.time())
    claims = {"iss": issuer, "aud": "deskwire", "iat": now, "exp": now + TOKEN_SECONDS, **claims}
    signed = ".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256", "typ": "JWT"}, claims))
    signature = part(hmac.digest(SIGN_ON_SECRET.encode(), signed.encode(), hashlib.sha256))
    grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    return token({"grant_type": grant, "subject_token": f"{signed}.{signature}"})


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def ticket(access_token: str) -> str:
    """The address at which a socket opens, once."""
    return call("POST", "/v1/tickets", access_token)["url"]


def log(conversation: str, after: int = 0) -> list[dict]:
    """A conversation's next entries, as agents see them."""
    return call("GET", f"/v1/conversations/{conversation}/entries?after={after}&limit=100")["data"]


def logged(conversation: str, what: str, wanted) -> dict:
    """Waits for an entry in the log."""
    found = until(what, lambda: log(conversation), lambda entries: any(map(wanted, entries)))
    return next(entry for entry in found if wanted(entry))
