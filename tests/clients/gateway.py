"""A gateway as a process of its own, and the few HTTP calls that lead to a socket."""

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

PORT = 18788
BASE = f"http://127.0.0.1:{PORT}"
ANONYMOUS = {"account": "acc_demo", "grant_type": "urn:deskwire:grant-type:anonymous"}


def post(path, token=None, form=None):
    data = urllib.parse.urlencode(form).encode() if form else b""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(BASE + path, data=data, method="POST", headers=headers)
    return json.load(urllib.request.urlopen(request, timeout=10))


def call(path, token, body):
    """Posts JSON."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    request = urllib.request.Request(BASE + path, data=json.dumps(body).encode(), method="POST", headers=headers)
    return json.load(urllib.request.urlopen(request, timeout=10))


def visitor():
    """An anonymous visitor's token."""
    return post("/v1/token", form=ANONYMOUS)["access_token"]


def token_of(binary, folder, name, role):
    """An agent's token, by the demo company's sign-on."""
    signed = subprocess.check_output([binary, "--data", folder, "sign-on", name, "--role", role], text=True).strip()
    grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    return post("/v1/token", form={"account": "acc_demo", "grant_type": grant, "subject_token": signed})["access_token"]


def ticket(token):
    """The address at which a socket opens, once."""
    return post("/v1/tickets", token)["url"]


def first_words(text):
    return json.dumps({"action": "send", "ref": "1", "client_id": "c", "content": {"kind": "text", "text": text}})


def start(binary, folder):
    process = subprocess.Popen([binary, "--data", folder, "--port", str(PORT), "--allow-inside", "127.0.0.0/8"], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            visitor()
            return process
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise SystemExit("the gateway does not start")


def keys(binary, folder):
    """What the AWS tools need in their environment."""
    text = subprocess.check_output([binary, "--data", folder, "--port", str(PORT), "aws-keys"], text=True)
    return dict(word.split("=", 1) for word in text.replace("export", " ").split())
