"""Runs LocalStack's functions of custom runtimes as processes of this machine; LocalStack's own executor needs Docker.

A process gets a Lambda Runtime API of its own, as in Lambda: it asks for an invocation, answers it, asks again. Where it
dies, or is not done in time, the invocation fails and the next one starts a new process.
"""

import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

LOG = logging.getLogger(__name__)

# Where the Runtime API lies on its address.
RUNTIME = "/2018-06-01/runtime/"
# How often a wait looks whether the process still lives.
LOOK_SECONDS = 0.05
# Lines of a process that are kept until they go to the log of an invocation.
KEPT_LINES = 1_000
# What a process gets to end by itself before it is killed.
STOP_SECONDS = 2


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *args, **kwargs):
        return ProcessExecutor


class ProcessExecutor(RuntimeExecutor):
    """One execution environment: LocalStack gives it one invocation at a time."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.waiting = queue.Queue()
        self.answers = queue.Queue()
        self.asked = False
        self.lines = deque(maxlen=KEPT_LINES)
        self.process = None
        self.environment = {}
        self.server = None

    def start(self, env_vars):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.environment = {name: str(value) for name, value in env_vars.items()}
        self.environment["AWS_LAMBDA_RUNTIME_API"] = f"127.0.0.1:{self.server.server_address[1]}"
        self._begin()

    def _begin(self):
        """Starts the process and waits until it asks for work."""
        folder = self.function_version.config.code.get_unzipped_code_location()
        # What an invocation that failed left behind is nobody's.
        self.waiting, self.answers, self.asked = queue.Queue(), queue.Queue(), False
        self.process = subprocess.Popen(
            [str(folder / "bootstrap")],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **self.environment, "LAMBDA_TASK_ROOT": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()
        kind, body = self._answer(config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT)
        if kind != "ready":
            self._end()
            raise StatusErrorException("The function could not begin", payload=body)

    def _listen(self, output):
        """What the process says goes to LocalStack's own output, and to the log of the next invocation that ends."""
        for line in output:
            self.lines.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()

    def _answer(self, seconds):
        """What the process says next; `died` or `late` where it says nothing."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                return self.answers.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                code = self.process.poll()
                if code is not None and self.answers.empty():
                    return "died", failure("Runtime.ExitError", f"Runtime exited with {code}")
        return "late", failure("Sandbox.Timedout", f"Task timed out after {seconds}.00 seconds")

    def invoke(self, payload):
        if self.process.poll() is not None:
            self._begin()
        self.waiting.put(payload)
        kind, body = self._answer(self.function_version.config.timeout)
        if kind in ("died", "late"):
            LOG.error("%s: %s", self.function_version.qualified_arn, body.decode())
            self._end()
        return InvocationResult(payload["invoke-id"], body, is_error=kind != "response", logs=self.get_logs() or "\n")

    def _end(self):
        # Whoever still waits on behalf of the process waits for nothing.
        self.waiting.put(None)
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def stop(self):
        self._end()
        self.server.shutdown()
        self.server.server_close()

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"

    def get_logs(self):
        taken = [self.lines.popleft() for _ in range(len(self.lines))]
        return "".join(taken)

    @classmethod
    def prepare_version(cls, function_version):
        code = function_version.config.code
        code.prepare_for_execution()
        (code.get_unzipped_code_location() / "bootstrap").chmod(0o755)

    @classmethod
    def cleanup_version(cls, function_version):
        """Nothing: another version may have the same code, and everything is forgotten at the end."""


def failure(kind, message):
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def handler(executor):
    """The Runtime API for one executor's process."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Nothing: a line for each request would drown what functions log."""

        def do_GET(self):
            # The queue of this process: a later one has another.
            waiting = executor.waiting
            if not executor.asked:
                executor.asked = True
                executor.answers.put(("ready", b""))
            if (payload := waiting.get()) is None:
                self.close_connection = True
                return
            deadline = int((time.time() + executor.function_version.config.timeout) * 1000)
            self._reply(200, payload["payload"].encode(), {
                "Lambda-Runtime-Aws-Request-Id": payload["invoke-id"],
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": payload["invoked-function-arn"],
                "Lambda-Runtime-Trace-Id": payload["trace-id"],
            })

        def do_POST(self):
            kind = self.path.rsplit("/", 1)[-1]
            executor.answers.put((kind, self._body()))
            self._reply(202, b"", {})

        def _body(self):
            if length := self.headers.get("Content-Length"):
                return self.rfile.read(int(length))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _reply(self, status, body, headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
