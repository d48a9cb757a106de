"""A company's server that verifies deliveries with the public libraries: `standardwebhooks` and `svix`."""

import http.server
import json
import queue
import threading

from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError

from gateway import call, token_of, visitor


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
    event = json.loads(body)
    assert event["data"]["entry"]["content"]["text"] == "für den Webhook 你好", event
    try:
        SvixWebhook(secret).verify(body.replace(b"Webhook", b"Gateway"), headers)
    except WebhookVerificationError:
        pass
    else:
        raise AssertionError("a changed body was believed")
    company.shutdown()
