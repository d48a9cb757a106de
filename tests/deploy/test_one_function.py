"""`cargo lambda deploy` for one function of a stack: new code under the alias, and all else as the stack made it; and the next
`infra/deploy` takes it out again."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from botocore.stub import Stubber
from moto.awslambda.models import LambdaVersion
from template import of_function
from world import ACCOUNT, KEYS, REGION, ROOT, SMALL, World

sys.path.insert(0, str(ROOT / "infra"))
from deployment import build, live  # noqa: E402
from deployment.aws import Aws  # noqa: E402
from deployment.stack import Stack  # noqa: E402

MESSAGE = "deskwire-message"
# As SAM makes it of AutoPublishAlias.
VERSION = f"""
  MessageFunctionVersion:
    Type: AWS::Lambda::Version
    Properties: {{{{FunctionName: {MESSAGE}}}}}

Outputs:"""


class OneFunction(World):
    def test_it_brings_new_code_under_the_alias_and_leaves_role_and_environment_alone(self):
        functions, before = self.client("lambda"), {"DESKWIRE_TABLE": "deskwire"}
        role = self.lambda_function("acme-message", "x86_64", before)
        self.by_hand("acme-message")
        self.assertEqual(functions.get_alias(FunctionName="acme-message", Name="live")["FunctionVersion"], "2")
        now = functions.get_function_configuration(FunctionName="acme-message", Qualifier="2")
        self.assertEqual(now["Environment"]["Variables"], before)
        self.assertEqual(now["Role"], role)
        stated = of_function("message")
        self.assertEqual((now["MemorySize"], now["Timeout"]), (stated["MemorySize"], stated["Timeout"]))

    def test_the_next_deployment_puts_version_and_code_of_the_stack_back(self):
        self.begin_stack()
        code = self.code()
        self.assertNotIn("by hand", self.went_well(self.deploy()))
        self.by_hand(MESSAGE)
        self.assertNotEqual(self.code(), code)
        self.went_well(self.deploy("--dry-run"), "live leads to version 2, and not to 1", "it would be put back", "Nothing would change")
        self.assertEqual(self.version(), "2")
        self.went_well(self.deploy(), f"{MESSAGE}: live leads to version 2", "its code is another", "it is put back", "Nothing changes")
        self.assertEqual((self.version(), self.code()), ("1", code))
        self.assertNotIn("by hand", self.went_well(self.deploy()))

    def test_code_without_the_alias_and_a_share_of_calls_are_put_back_before_anything_changes(self):
        self.begin_stack()
        code, functions = self.code(), self.client("lambda")
        # A new version is made of the newest code, even where only a setting changes.
        functions.update_function_code(FunctionName=MESSAGE, ZipFile=build.zipped({"bootstrap": b"mine"}, build.EXECUTABLE))
        self.went_well(self.deploy("--param", "LogDays=7"), "its code is another than version 1 has", "runs, release")
        self.assertEqual(self.code(), code)
        self.by_hand(MESSAGE)
        functions.update_alias(FunctionName=MESSAGE, Name="live", FunctionVersion="1", RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
        self.function(b"second")
        self.went_well(self.deploy(), "live leads to other versions than 1 too")
        self.assertEqual(functions.get_alias(FunctionName=MESSAGE, Name="live").get("RoutingConfig", {}).get("AdditionalVersionWeights", {}), {})
        self.by_hand(MESSAGE)
        self.went_well(self.run_deploy("--rollback"), "live leads to version", "it is put back")
        self.assertEqual(self.version(), "1")

    def test_a_function_that_was_deleted_by_hand_is_cloudformations_to_tell(self):
        self.begin_stack()
        self.client("lambda").delete_function(FunctionName=MESSAGE)
        self.assertNotIn("by hand", self.went_well(self.deploy()))

    def test_where_the_code_lies_is_read_in_the_template_as_it_was_sent(self):
        cfn = self.client("cloudformation")
        stack = Stack(Aws(None, self.endpoint, ACCOUNT, {"cloudformation": cfn}), "acme")
        sent = "CodeUri: s3://shelf/functions/message-1a2b.zip\n      CodeUri: s3://shelf/functions/api-3c4d.zip\n"
        with Stubber(cfn) as stub:
            # SAM's output, which is the default, is JSON and names code otherwise; moto has no SAM.
            stub.add_response("get_template", {"TemplateBody": sent}, {"StackName": "acme", "TemplateStage": "Original"})
            found = live.stack_code(stack)
        self.assertEqual(found["acme-api"], {"S3Bucket": "shelf", "S3Key": "functions/api-3c4d.zip"})
        self.assertEqual(set(found), {"acme-message", "acme-api"})

    def begin_stack(self):
        """A stack with the function, its version 1 and the alias."""
        # moto publishes it, and has no name for it.
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{MESSAGE}:1"
        patch = mock.patch.object(LambdaVersion, "physical_resource_id", arn, create=True)
        patch.start()
        self.addCleanup(patch.stop)
        built = (self.tree / "target/lambda/message/bootstrap").read_bytes()
        self.lambda_function(MESSAGE, "x86_64", code=build.zipped({"bootstrap": built}, build.EXECUTABLE))
        self.template(SMALL.replace("\nOutputs:", VERSION).format(queue="deskwire-assign"))
        self.went_well(self.deploy())

    def by_hand(self, function):
        with tempfile.TemporaryDirectory() as folder:
            built = pathlib.Path(folder) / "message" / "bootstrap"
            built.parent.mkdir()
            # Any executable: it is looked at, and not run.
            built.write_bytes(pathlib.Path("/bin/true").read_bytes())
            command = ["cargo", "lambda", "deploy", "--binary-name", "message", "--alias", "live", function]
            more = ["--lambda-dir", folder, "--endpoint-url", self.endpoint]
            environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            environment |= {"AWS_REGION": REGION, **KEYS}
            done = subprocess.run([*command, *more], cwd=ROOT, env=environment, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def version(self):
        return self.client("lambda").get_alias(FunctionName=MESSAGE, Name="live")["FunctionVersion"]

    def code(self):
        return self.client("lambda").get_function_configuration(FunctionName=MESSAGE)["CodeSha256"]


if __name__ == "__main__":
    unittest.main()
