"""`cargo lambda deploy` for one function of a stack: new code under the alias, and all else as the stack made it."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from template import of_function
from world import KEYS, REGION, ROOT, World


class OneFunction(World):
    def test_it_brings_new_code_under_the_alias_and_leaves_role_and_environment_alone(self):
        functions, before = self.client("lambda"), {"DESKWIRE_TABLE": "deskwire"}
        role = self.lambda_function("acme-message", "x86_64", before)
        with tempfile.TemporaryDirectory() as folder:
            built = pathlib.Path(folder) / "message" / "bootstrap"
            built.parent.mkdir()
            # Any executable: it is looked at, and not run.
            built.write_bytes(pathlib.Path("/bin/true").read_bytes())
            command = ["cargo", "lambda", "deploy", "--binary-name", "message", "--alias", "live", "acme-message"]
            more = ["--lambda-dir", folder, "--endpoint-url", self.endpoint]
            environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            environment |= {"AWS_REGION": REGION, **KEYS}
            done = subprocess.run([*command, *more], cwd=ROOT, env=environment, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(functions.get_alias(FunctionName="acme-message", Name="live")["FunctionVersion"], "2")
        now = functions.get_function_configuration(FunctionName="acme-message", Qualifier="2")
        self.assertEqual(now["Environment"]["Variables"], before)
        self.assertEqual(now["Role"], role)
        stated = of_function("message")
        self.assertEqual((now["MemorySize"], now["Timeout"]), (stated["MemorySize"], stated["Timeout"]))


if __name__ == "__main__":
    unittest.main()
