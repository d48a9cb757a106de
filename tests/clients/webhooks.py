"""A company's server that verifies deliveries with the public libraries, Python's and npm's `standardwebhooks` and
`svix`, and holds the event against the schema that it names."""

import http.server
import json
import os
import queue
import subprocess
import threading
import urllib.request

import jsonschema
from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError

from gateway import BASE, call, token_of, visitor


def webhooks(binary, folder):
    came = queue.Queue()

    class Company(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            came.put((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    company = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Company)
    threading.Thread(target=company.serve_forever, daemon=True).start()
    admin = token_of(binary, folder, "anna", "admin")
    url = f"http://127.0.0.1:{company.server_port}/hook"
    secret = call("/v1/webhooks", admin, {"url": url, "events": ["message.created"]})["secret"]
    said = {"client_id": "w", "content": {"kind": "text", "text": "für den Webhook 你好"}}
    call("/v1/conversations", visitor(), said)
    headers, body = came.get(timeout=20)
    headers = {name.lower(): value for name, value in headers.items()}
    for library in (StandardWebhook(secret), SvixWebhook(secret)):
        # It raises where it does not believe.
        library.verify(body, headers)
    delivery = json.dumps({"secret": secret, "headers": headers, "body": body.decode()})
    script = os.path.join(os.path.dirname(__file__), "verify.cjs")
    subprocess.run(["node", script], input=delivery, text=True, check=True, timeout=60)
    event = json.loads(body)
    schema = json.load(urllib.request.urlopen(f"{BASE}/schemas/{event['type']}.json", timeout=10))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(event, schema)
    assert event["data"]["entry"]["content"]["text"] == "für den Webhook 你好", event
    try:
        SvixWebhook(secret).verify(body.replace(b"Webhook", b"Gateway"), headers)
    except WebhookVerificationError:
        pass
    else:
        raise AssertionError("a changed body was believed")
    company.shutdown()
