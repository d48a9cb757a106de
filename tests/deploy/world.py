"""infra/deploy as an operator runs it, against moto's server: somebody else's CloudFormation, S3 and Secrets Manager.

moto knows no SAM, so the tree that is deployed is a copy with a small template; everything else in it is the real thing.
What the real template says is looked at in test_template.py and by the linters, and the emulators deploy it."""

import io
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import zipfile

import boto3
from moto.cloudformation.models import ChangeSet
from moto.server import ThreadedMotoServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
# moto's own account.
ACCOUNT = "123456789012"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
ARM64 = 0xB7

SMALL = """
Parameters:
  SigningKeysSecret:
    Type: String
  SigningKeysVersion:
    Type: String
    Default: ""
  Release:
    Type: String
    Default: ""
  Given:
    Type: String
    Default: ""
  Architecture:
    Type: String
    Default: arm64
  WithCodeDeploy:
    Type: String
    Default: "true"
  OtlpHeaders:
    Type: String
    Default: ""
    NoEcho: true
  WithCdn:
    Type: String
    Default: "true"
  LogDays:
    Type: Number
    Default: 30
  AllowInside:
    Type: String
    Default: ""

Conditions: {{}}

Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      TableName: !Ref AWS::StackName
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: PK, AttributeType: S}}, {{AttributeName: SK, AttributeType: S}}]
      KeySchema: [{{AttributeName: PK, KeyType: HASH}}, {{AttributeName: SK, KeyType: RANGE}}]
      StreamSpecification: {{StreamViewType: NEW_IMAGE}}
      DeletionProtectionEnabled: true
  Queue:
    Type: AWS::SQS::Queue
    Properties: {{QueueName: "{queue}"}}
  Code:
    Type: AWS::SSM::Parameter
    Properties:
      Name: code
      Type: String
      Value: "CodeUri: ../target/lambda/message/"
      Description: "Settings: as they are"
  Filter:
    Type: AWS::SSM::Parameter
    Properties:
      Name: filter
      Type: String
      Value: '[{{"prefix": "E#"}}, {{"prefix": "A!"}}]'

Outputs:
  PublicUrl: {{Value: "https://chat.example"}}
  SocketUrl: {{Value: "wss://sockets.example/live"}}
  Release: {{Value: !Ref Release}}
  AccountFunction: {{Value: "arn:aws:lambda:eu-central-1:123456789012:function:deskwire-account:live"}}
"""


def apply(change, applied=ChangeSet.apply):
    """moto carries a change set out and leaves the stack's parameters and outputs as they were."""
    applied(change)
    stack = change.stack
    stack.template, stack.parameters = change.template, change.parameters
    stack._parse_template()
    stack.output_map = stack._create_output_map()


ChangeSet.apply = apply


class World(unittest.TestCase):
    """An empty account, and a tree to deploy."""

    @classmethod
    def setUpClass(cls):
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        # It writes a line for each request otherwise.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server.start()
        cls.addClassCleanup(server.stop)
        # By this name moto takes a template's address for a path and not for a bucket's host name.
        cls.endpoint = f"http://localhost:{server.get_host_and_port()[1]}"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "infra", self.tree / "infra", ignore=shutil.ignore_patterns("__pycache__"))
        self.template(SMALL.format(queue="deskwire-assign"))
        self.function(b"first")
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()

    def template(self, text):
        (self.tree / "infra" / "template.yaml").write_text(text)

    def function(self, content, machine=ARM64):
        """A file that begins as an executable of that machine does."""
        head = bytearray(64)
        head[:4], head[18] = b"\x7fELF", machine
        path = self.tree / "target" / "lambda" / "message" / "bootstrap"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(head) + content)

    def lambda_function(self, name, architecture="arm64", environment=None, code=None):
        """A function of the account, with the alias; answers its role."""
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        old = io.BytesIO()
        with zipfile.ZipFile(old, "w") as archive:
            archive.writestr("bootstrap", "old")
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role=role,
            Code={"ZipFile": code or old.getvalue()},
            Architectures=[architecture],
            Environment={"Variables": environment or {}},
            Publish=True,
        )
        self.client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        return role

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, aws_access_key_id="test", aws_secret_access_key="test")

    def run_deploy(self, *arguments, typed="", keys=KEYS, endpoint=None):
        """Runs it; answers its exit code, and all that it said. With the endpoint "" it is AWS itself, for what calls nobody."""
        # Nothing of whoever runs the tests: no profile, no credentials of the machine.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {"AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(self.tree), **keys}
        where = [] if endpoint == "" else ["--endpoint-url", endpoint or self.endpoint]
        command = [sys.executable, "-B", "infra/deploy.py", *where, *arguments]
        done = subprocess.run(command, cwd=self.tree, env=environment, input=typed, text=True, capture_output=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def deploy(self, *arguments, **more):
        """Runs it as a deployment of what is built, without the CDN."""
        return self.run_deploy("--skip-build", "--no-cdn", *arguments, **more)

    def refused(self, result, *words):
        """It stopped in good order, said why, and what to do next."""
        code, said = result
        self.assertEqual(code, 1, said)
        self.assertNotIn("Traceback", said)
        for word in (*words, "Next: "):
            self.assertIn(word, said)

    def went_well(self, result, *words):
        code, said = result
        self.assertEqual(code, 0, said)
        for word in words:
            self.assertIn(word, said)
        return said

    def stack(self):
        return self.client("cloudformation").describe_stacks(StackName="deskwire")["Stacks"][0]

    def release(self):
        return next(o["OutputValue"] for o in self.stack()["Outputs"] if o["OutputKey"] == "Release")

    def parameters(self):
        return {p["ParameterKey"]: p["ParameterValue"] for p in self.stack()["Parameters"]}
