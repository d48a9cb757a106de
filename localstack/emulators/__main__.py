"""Deskwire on an emulator of AWS that others wrote. Usage: localstack/up --on ministack|localstack [flags]; --help"""

import argparse
import json
import os
import platform
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# What deploys is `infra/`'s.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "infra"))

from children import Child, Stop, free_port, need_port  # noqa: E402
from core import Localstack  # noqa: E402
from deployment import ROOT  # noqa: E402
from ministack import Ministack  # noqa: E402

# Anybody's: emulators ask for none in particular.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# The SDKs read the one, boto3 the other.
REGION = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
# What an emulator has no use for, or lacks.
PARAMETERS = {"WithCdn": "false", "WithAlarms": "false", "WithCodeDeploy": "false", "DeletionProtection": "false"}
DEMO = {"name": "demo", "admin": {"name": "Anna"}, "agents": [{"name": "Ben"}]}
FRONT_PORT = 8787
# The first call of a function starts it.
INVOKE_SECONDS = 60


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="localstack/up --on WAY", description=__doc__.splitlines()[0])
    parser.add_argument("way", choices=["ministack", "localstack"])
    parser.add_argument("--port", type=int, default=4566, help="where the emulator listens (4566); 0: any free port")
    parser.add_argument("--front-port", type=int, default=FRONT_PORT, help="localstack: where Deskwire is (8787)")
    parser.add_argument("--binary", type=Path, help="localstack: the gateway, built")
    parser.add_argument("--web", type=Path, help="localstack: the browser parts, built")
    parser.add_argument("--data", type=Path, default=ROOT / ".deskwire", help="where logs and state lie (.deskwire)")
    parser.add_argument("--allow-inside", default="", help="address ranges of your own systems, with commas: 127.0.0.0/8")
    parser.add_argument("--skip-build", action="store_true", help="deploy what lies in target/lambda")
    parser.add_argument("--bare", action="store_true", help="only the emulator: deploy nothing")
    parser.add_argument("--then", nargs=argparse.REMAINDER, help="run this command with the addresses in its environment, and end with it")
    asked = parser.parse_args()
    if asked.then == []:
        parser.error("--then needs a command")
    return asked


def main() -> int:
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    children: list[Child] = []
    try:
        asked.port, asked.front_port = asked.port or free_port(), asked.front_port or free_port()
        need_port(asked.port, "--port")
        folder = fresh(asked.data.resolve() / f"{asked.way}-{asked.port}")
        way = make(asked, folder)
        print(f"Starting {way.name} …", flush=True)
        way.begin(children)
        environment = {**CREDENTIALS, **REGION, "AWS_ENDPOINT_URL": way.endpoint, "DESKWIRE_TEST_DYNAMODB": way.endpoint}
        if not asked.bare:
            command = [sys.executable, str(Path(__file__).with_name("deploy_template.py")), str(way.template())]
            command += ["--stack", way.stack, "--endpoint-url", way.endpoint]
            deploy(way, asked, command, environment)
            environment |= {"DESKWIRE_API": way.api, "DESKWIRE_STACK": way.stack}
            if way.updates:
                environment["DESKWIRE_DEPLOY"] = shlex.join(command)
            environment |= begin_account(way)
        if asked.then:
            return run(asked.then, environment)
        show(way, environment)
        return watch(children)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnding …", flush=True)
        return 0
    finally:
        # A second Ctrl-C must not leave half of them running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in reversed(children):
            child.end()


def fresh(folder: Path) -> Path:
    """An emulator forgets everything when it ends, and its logs are of the last time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def make(asked: argparse.Namespace, folder: Path) -> Ministack | Localstack:
    if asked.way == "ministack":
        return Ministack(asked.port, folder)
    return Localstack(asked.port, folder, asked.front_port, asked.binary, asked.web)


def run(command: list[str], environment: dict[str, str]) -> int:
    try:
        return subprocess.run(command, env={**os.environ, **environment}).returncode
    except FileNotFoundError:
        raise Stop(f"{command[0]} is not there.", "say a command behind --then") from None


def deploy(way, asked: argparse.Namespace, command: list[str], environment: dict[str, str]) -> None:
    """The same deployment as for AWS."""
    parameters = {**PARAMETERS, **way.parameters, "AllowInside": asked.allow_inside}
    command = [*command, "--no-cdn", "--arm64" if platform.machine() in ("arm64", "aarch64") else "--x86-64"]
    command += ["--skip-build"] if asked.skip_build else []
    for name, value in parameters.items():
        command += ["--param", f"{name}={value}"]
    # cargo-lambda, with which functions are built, is installed beside this Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    log = way.folder / "deploy.log"
    print(f"Deploying infra/template.yaml (what it says stands in {log}) …", flush=True)
    with log.open("wb") as out:
        code = subprocess.run(command, env={**os.environ, **environment, "PATH": path}, stdout=out, stderr=subprocess.STDOUT).returncode
    if code:
        said = "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
        raise Stop(f"The deployment failed:\n{said}", "mend what it names, then run the same again")


def begin_account(way) -> dict[str, str]:
    """Makes the demo account, by its function. A company's sign-on goes with it, for whoever is told its secret."""
    secret = secrets.token_urlsafe(32)
    functions = boto3.client(
        "lambda",
        endpoint_url=way.endpoint,
        region_name=REGION["AWS_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(read_timeout=INVOKE_SECONDS),
    )
    asked = json.dumps({**DEMO, "sign_on_secret": secret})
    try:
        answer = functions.invoke(FunctionName=f"{way.stack}-account:live", Payload=asked)
        begun = json.load(answer["Payload"])
    except (BotoCoreError, ClientError, ValueError) as error:
        raise Stop(f"The function `account` does not answer: {error}", f"see the logs in {way.folder}, then run the same again") from None
    if "FunctionError" in answer:
        raise Stop(f"The function `account` answers {begun}.", f"see the logs in {way.folder}")
    return {
        "DESKWIRE_ACCOUNT": begun["account"],
        "DESKWIRE_TOKEN": begun["access_token"],
        "DESKWIRE_REFRESH_TOKEN": begun["refresh_token"],
        "DESKWIRE_SIGN_ON_SECRET": secret,
    }


def show(way, environment: dict[str, str]) -> None:
    print(f"\n  AWS      {way.endpoint}")
    if "DESKWIRE_TOKEN" in environment:
        print(f"  API      {way.api}\n  sockets  {way.parameters['SocketUrl']}")
        print(f"  account  {environment['DESKWIRE_ACCOUNT']}, administrator Anna, whose token is")
        print(f"           {environment['DESKWIRE_TOKEN']}")
        if way.web:
            # In the fragment, which is sent to no server.
            comes = f"?account={environment['DESKWIRE_ACCOUNT']}#subject_token={quote(environment['DESKWIRE_REFRESH_TOKEN'])}"
            print(f"  console  {way.api}/console/{comes}")
    print(f"\n{way.name} forgets everything when it ends. Ctrl-C ends it; logs are in {way.folder}.", flush=True)


def watch(children: list[Child]) -> int:
    """Until Ctrl-C, or until one of them ends, which none should."""
    while True:
        for child in children:
            try:
                child.process.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
            raise Stop(f"{child.name} has ended:\n{child.tail()}", f"see {child.log}")


if __name__ == "__main__":
    sys.exit(main())
