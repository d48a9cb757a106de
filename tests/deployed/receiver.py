"""A company's server for webhooks, on a real port."""

import http.server
import json
import queue
import threading

from standardwebhooks.webhooks import Webhook

import door


class Receiver:
    def __init__(self):
        self.came, self.refusals = queue.Queue(), queue.Queue()
        receiver = self

        class Company(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.came.put(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(204 if receiver.refusals.empty() else receiver.refusals.get())
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Nothing: what came is looked at."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Company)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def next(self, secret: str) -> tuple[dict, dict]:
        """The next delivery, whose signature the public library believes: headers, and event."""
        headers, body = self.came.get(timeout=door.DEADLINE_SECONDS)
        Webhook(secret).verify(body, headers)
        return headers, json.loads(body)
