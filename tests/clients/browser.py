"""A page in headless Chromium chats, and tells this program what it saw."""

import http.server
import json
import pathlib
import queue
import subprocess
import tempfile
import threading

from gateway import BASE

PAGE = pathlib.Path(__file__).with_name("page.html").read_bytes()
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def browser():
    told = queue.Queue()

    class Shop(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE)

        def do_POST(self):
            told.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        page = f"http://127.0.0.1:{shop.server_port}/#{BASE}"
        chromium = subprocess.Popen(["chromium", *FLAGS, f"--user-data-dir={profile}", page],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            seen = told.get(timeout=60)
        finally:
            chromium.kill()
            chromium.wait()
            shop.shutdown()
    assert seen == {"texts": ["from a browser 你好"], "closed": 1000}, seen
