"""infra/deploy: see infra/README.md. Each step is a file in infra/deployment."""

import argparse
import ipaddress
import re
import shlex
import sys
import time
from collections import Counter

from botocore.exceptions import ClientError
from deployment import TEMPLATE, Stop, account, aws as door, build, live, parameters as settings, remove, replay, say, secret, step, web
from deployment.release import HIDDEN, Release, Shelf
from deployment.stack import Stack

# A stack's name is also the table's and a part of bucket names, which are 63 characters at most and lower case.
NAME = re.compile(r"[a-z][a-z0-9-]{1,18}[a-z0-9]")
RESOURCE = re.compile(r"^    Type: (AWS::\S+)", re.MULTILINE)
QUEUE = re.compile(r'QueueName: "?([\w.-]+)')
# So long may SQS go on knowing the name of a queue that was deleted.
FORGETS_SECONDS, FORGETS_PAUSE = 60, 5
# What this program itself states.
OWN = {"SigningKeysSecret", "SigningKeysVersion", "Release", "Given", "Architecture"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="infra/deploy", description="Builds Deskwire and puts it into an AWS account. Safe to run again.")
    add = parser.add_argument
    add("--stack", default="deskwire", help="the stack's name (deskwire)")
    add("--region", help="else AWS_REGION, or the profile's")
    add("--profile", help="else AWS_PROFILE")
    add("--endpoint-url", help="what answers as AWS: LocalStack, say")
    add("--account-id", help="stop where the credentials are another account's")
    add("--arm64", dest="architecture", action="store_const", const="arm64", help="build for arm64 (the default)")
    add("--x86-64", dest="architecture", action="store_const", const="x86_64", help="build for x86-64")
    add("--build-only", action="store_true", help="build and pack, and look at what was made; call nobody")
    add("--skip-build", action="store_true", help="deploy what target/lambda and web/dist have")
    add("--no-cdn", action="store_true", help="no CDN, and so no console, widget and API page")
    add("--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter of infra/template.yaml; it is kept by later deployments")
    add("--account", help="make this account, unless it is there (letters, digits, hyphens)")
    add("--admin", help="its administrator's name; prints their way in")
    add("--email", help="the administrator's address")
    add("--dry-run", action="store_true", help="show what would change in the stack, and leave it; without credentials the plan")
    add("--rollback", nargs="?", const="", metavar="RELEASE", help="put the release before the current one back, or this one")
    add("--replay", action="store_true", help="have done again what the stream's mapping parked")
    add("--delete", action="store_true", help="delete the stack; asks, and keeps the data")
    add("--with-data", action="store_true", help="with --delete: also table, attachments and keys")
    return parser.parse_args()


def checked(args: argparse.Namespace) -> dict[str, str]:
    """The parameters that were asked for; stops at what makes no sense before anything is built or called."""
    if not NAME.fullmatch(args.stack):
        raise Stop(f"{args.stack!r} cannot be a stack's name here.", "3 to 20 lower-case letters, digits and hyphens: --stack deskwire")
    if args.endpoint_url and not re.match(r"https?://[^/]", args.endpoint_url):
        raise Stop(f"--endpoint-url {args.endpoint_url}: that is no address.", "say it whole: --endpoint-url http://127.0.0.1:4566")
    if args.email and not args.account:
        raise Stop("--email is an administrator's.", "say whose: --account NAME --admin NAME --email ADDRESS")
    if bool(args.account) != bool(args.admin):
        raise Stop("An account needs an administrator, and an administrator an account.", "say both: --account NAME --admin NAME")
    asked = {"--rollback": args.rollback is not None, "--replay": args.replay, "--delete": args.delete, "--build-only": args.build_only}
    modes = [flag for flag, said in asked.items() if said]
    if len(modes) > 1:
        raise Stop(f"{' and '.join(modes)} are not done at once.", f"say one of them: {modes[0]}")
    if args.dry_run and modes and args.rollback is None:
        raise Stop(f"{modes[0]} has no dry run: it would be done.", "leave --dry-run out if you mean it; --delete asks before it deletes")
    if modes and (args.account or args.param):
        raise Stop(f"--param and --account belong to a deployment, and not to {modes[0]}.", "leave them out, or deploy with them afterwards")
    if args.with_data and not args.delete:
        raise Stop("--with-data belongs to --delete.", "say --delete --with-data, or leave it out")
    known = set(settings.defaults()) - OWN
    given = {}
    for text in args.param:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            raise Stop(f"--param {text}: there is no such parameter to set.", f"NAME=VALUE with one of {', '.join(sorted(known))}")
        given[name] = value
    for network in filter(None, (part.strip() for part in given.get("AllowInside", "").split(","))):
        # With anything else no function would start.
        if not is_network(network):
            raise Stop(f"--param AllowInside: {network!r} is no address range.", "say ranges with commas: AllowInside=10.0.0.0/8,192.168.1.7/32")
    if args.no_cdn:
        given["WithCdn"] = "false"
    settings.check(given, not args.endpoint_url)
    return given


def is_network(text: str) -> bool:
    try:
        return "/" in text and bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def there_is(aws: door.Aws, queue: str) -> bool:
    try:
        aws.client("sqs").get_queue_url(QueueName=queue)
        return True
    except ClientError as error:
        if "NonExistentQueue" in door.code_of(error) or "QueueDoesNotExist" in door.code_of(error):
            return False
        raise


def alone(aws: door.Aws) -> None:
    """Stops a second Deskwire of a region: its queues would be the first one's."""
    name = QUEUE.search(TEMPLATE.read_text())[1]
    if not there_is(aws, name):
        return
    # An emulator forgets at once.
    if not aws.endpoint:
        say(f"There is a queue {name}. If a stack was just deleted, SQS forgets it within a minute; looking until then …")
        for _ in range(FORGETS_SECONDS // FORGETS_PAUSE):
            time.sleep(FORGETS_PAUSE)
            if not there_is(aws, name):
                return
    raise Stop(
        f"There is a Deskwire in {aws.region} of account {aws.account} already: the queue {name} is there.",
        "an account has one per region, for queues have fixed names: say that stack's name (--stack), or use another region or account",
    )


def plan(args: argparse.Namespace) -> None:
    """What would be done, for who has no credentials at hand."""
    say(f"There are no AWS credentials, so this is the plan only. It would, as stack {args.stack}:")
    functions, with_web = f"{len(build.functions())} functions for {args.architecture or 'arm64'}", not args.no_cdn
    for text in (
        f"{'take' if args.skip_build else 'build'} {functions}{', and the browser parts' if with_web else ''}{', as they were built' if args.skip_build else ''}",
        f"make the secret {secret.name_of(args.stack)}, unless it is there",
        f"put code{', template and web files' if with_web else ' and template'} into the bucket deskwire-artifacts-<account>-<region>",
        f"make a change set, and carry it out{'; upload the web files' if with_web else ''}",
    ):
        say(f"  - {text}")
    say(f"The template has{'' if with_web else ' (what is for the CDN stays out)'}:")
    for kind, count in sorted(Counter(RESOURCE.findall(TEMPLATE.read_text().split("\nResources:")[1])).items()):
        say(f"  {count:>3} {kind}")


def build_only(args: argparse.Namespace) -> None:
    architecture, with_web = args.architecture or "arm64", not args.no_cdn
    if not args.skip_build:
        build.build(architecture, with_web)
    packed = build.pack_functions(architecture, on_aws=True) + ([build.pack_web()] if with_web else [])
    step("what would be uploaded")
    for one in packed:
        say(f"  {len(one.data) / 1e6:6.2f} MB  {one.name}")
    for one in packed:
        if len(one.data) > (most := build.MOST_BYTES.get(one.name, len(one.data))):
            raise Stop(f"The function {one.name} weighs {len(one.data):,} bytes, and {most:,} are the most.", "build with CARGO_PROFILE_RELEASE_STRIP=false; nm --size-sort says what weighs")


def deploy(args: argparse.Namespace, given: dict[str, str]) -> None:
    aws = sign_in(args)
    stack, shelf = Stack(aws, args.stack), Shelf(aws, args.stack)
    kind = stack.ready()
    if kind == "CREATE":
        alone(aws)
    known = settings.defaults()
    if args.architecture:
        given["Architecture"] = args.architecture
    # What was set once stays set, as far as there still is such a parameter; all else is as the template says now.
    given = stack.given() | given
    parameters = {name: value for name, value in (known | given).items() if value is not None and name in known}
    parameters["Given"] = " ".join(sorted(given.keys() & known))
    del parameters["Release"]
    # What was said once may be against what is said now, or against what the template says now.
    settings.check({name: parameters[name] for name in given.keys() & parameters.keys()}, not args.endpoint_url)
    settings.check_together(parameters)
    with_cdn = parameters["WithCdn"] == "true"
    if not args.skip_build:
        build.build(parameters["Architecture"], with_cdn)
    code = build.pack_functions(parameters["Architecture"], not args.endpoint_url)
    files = build.pack_web() if with_cdn else None
    step(f"uploading to {shelf.bucket}")
    shelf.open()
    keys = secret.signing_keys(aws, args.stack, kind, args.dry_run)
    release = shelf.pack(code, files, parameters | keys)
    release.after = stack.outputs().get("Release")
    put_in_place(args, stack, shelf, release, kind)
    if args.dry_run:
        return
    if args.account:
        step(f"the account {args.account}")
        outputs = stack.outputs()
        account.begin(aws, outputs, args.account, args.admin, args.email, serves_console(outputs, parameters))
    elif kind == "CREATE":
        account.say_none(same_place(args))


def roll_back(args: argparse.Namespace) -> None:
    aws = sign_in(args)
    stack, shelf = Stack(aws, args.stack), Shelf(aws, args.stack)
    if not stack.describe():
        raise Stop(f"There is no stack {args.stack} in {aws.region} of account {aws.account}.", "say --stack and --region, or deploy it first")
    stack.ready()
    release = shelf.before(stack.outputs().get("Release"), args.rollback)
    as_of_today(release, stack)
    # Keys that were changed since were changed for a reason.
    release.parameters |= secret.signing_keys(aws, args.stack, "UPDATE", args.dry_run)
    say(f"Back to the release {release.name} of {release.deployed}, commit {release.commit}.")
    put_in_place(args, stack, shelf, release, "UPDATE")


def as_of_today(release: Release, stack: Stack) -> None:
    """What of a release's parameters is another now than it was then."""
    now, then = stack.parameters(), release.parameters
    # Only the stack knows what is hidden; where it does not, nobody does.
    then |= {name: "" for name in HIDDEN & then.keys() if name not in now}
    # Alarms may well be on just when somebody goes back, and CodeDeploy would put back what is to go: so it is left out
    # this once. It is not noted as given, so that the next deployment has it again.
    if then.get("WithCodeDeploy") == "true" and "Given" in then:
        then["WithCodeDeploy"] = "false"
        then["Given"] = " ".join(name for name in then["Given"].split() if name != "WithCodeDeploy")


def put_in_place(args: argparse.Namespace, stack: Stack, shelf: Shelf, release: Release, kind: str) -> None:
    step(f"what changes in {args.stack}")
    if kind == "UPDATE":
        live.put_back(shelf.aws, stack, args.dry_run)
    change = stack.change(kind, shelf, release)
    if args.dry_run:
        if change:
            stack.drop(change)
        said = "That was a dry run: the stack is as it was" if change else "Nothing would change in the stack"
        say(f"{said}. The bucket {shelf.bucket} was made where it was not there, and has what would be deployed.")
        return
    # What is gone back to was noted when it came.
    if args.rollback is None and release.after != release.name:
        shelf.note(release)
    if change:
        step("carrying it out (a first time takes about 10 minutes, most of it for the CDN)")
        stack.carry_out(change)
    else:
        say("Nothing changes.")
    outputs = stack.outputs()
    if release.web and "Cdn" in outputs:
        step("web files")
        web.publish(shelf.aws, outputs["WebBucket"], outputs["Cdn"], shelf.get(release.web))
    step(f"{args.stack} runs, release {release.name}")
    say_addresses(outputs, bool(release.parameters.get("PublicUrl")))


def serves_console(outputs: dict[str, str], parameters: dict[str, str]) -> bool:
    """Whether people find the console at the public address: what stands there instead of the CDN serves it, too."""
    return "Cdn" in outputs or bool(parameters.get("PublicUrl"))


def same_place(args: argparse.Namespace) -> str:
    """The command that means this stack again, with what is built."""
    flags = {"--stack": None if args.stack == "deskwire" else args.stack, "--region": args.region, "--profile": args.profile, "--endpoint-url": args.endpoint_url}
    words = [word for flag, value in flags.items() if value for word in (flag, value)]
    return shlex.join(["infra/deploy", "--skip-build", *words])


def say_addresses(outputs: dict[str, str], own_front: bool) -> None:
    address = outputs["PublicUrl"].rstrip("/")
    if "Cdn" in outputs:
        say(f"  Console    {address}/console/\n  Widget     {address}/widget.js\n  API        {address}/docs/")
    else:
        without = "what is in front serves console, widget and API page, or nothing does" if own_front else "so console, widget and API page are not served"
        say(f"  API        {address}/openapi.json\n  There is no CDN, {without}.")
    say(f"  WebSocket  {outputs['SocketUrl']}")


def sign_in(args: argparse.Namespace) -> door.Aws:
    aws = door.sign_in(args.profile, args.region, args.endpoint_url, args.account_id)
    say(f"Account {aws.account}, region {aws.region}" + (f", at {args.endpoint_url}" if args.endpoint_url else ""))
    return aws


def run(args: argparse.Namespace) -> None:
    given = checked(args)
    try:
        if args.build_only:
            build_only(args)
        elif args.delete:
            remove.remove(sign_in(args), args.stack, args.with_data)
        elif args.replay:
            aws = sign_in(args)
            replay.replay(aws, Stack(aws, args.stack))
        elif args.rollback is not None:
            roll_back(args)
        else:
            deploy(args, given)
    except door.ERRORS as error:
        if not (args.dry_run and args.rollback is None and door.no_credentials(error)):
            raise
        plan(args)


def main() -> int:
    try:
        run(arguments())
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except door.ERRORS as error:
        print(f"\n{door.in_words(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What is under way at AWS goes on; run the same again, and it waits for it.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
