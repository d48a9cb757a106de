"""Releases: a template with its code and web files, kept in a bucket, so that an earlier one can be put back."""

import hashlib
import json
import mimetypes
import subprocess
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from botocore.exceptions import ClientError

from . import ROOT, Stop, TEMPLATE
from .aws import Aws, code_of
from .build import CODE_URI, Packed

MISSING = {"404", "NoSuchBucket", "NotFound", "NoSuchKey"}
# Lines of the template whose names are spelled out.
NAMED = (
    "TableName: !Ref AWS::StackName",
    'BucketName: !Sub "${AWS::StackName}-attachments-${AWS::AccountId}-${AWS::Region}"',
)
SETTINGS = "Settings: as they are"
# Parameters that CloudFormation keeps to itself (NoEcho), and what stands for their value where it lists them, and here.
HIDDEN, UNSEEN = {"OtlpHeaders"}, "****"
# Where a bucket is made without saying so.
FIRST_REGION = "us-east-1"


@dataclass
class Release:
    """What was deployed at once."""

    name: str
    deployed: str
    commit: str
    template: str
    web: str | None
    parameters: dict[str, str]
    # The one that ran when this one came: where going back goes.
    after: str | None = None


class Shelf:
    """The bucket with the releases of one account and region."""

    def __init__(self, aws: Aws, stack: str):
        self.aws, self.stack, self.s3 = aws, stack, aws.client("s3")
        self.bucket = f"deskwire-artifacts-{aws.account}-{aws.region}"
        # Its name can be guessed: a bucket that is another account's is neither read nor written.
        self.ours = {"Bucket": self.bucket, "ExpectedBucketOwner": aws.account}

    def open(self) -> None:
        """Makes the bucket where it is not there, and closes it to the public."""
        if not self.exists():
            where = {} if self.aws.region == FIRST_REGION else {"CreateBucketConfiguration": {"LocationConstraint": self.aws.region}}
            self.s3.create_bucket(Bucket=self.bucket, **where)
        closed = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
        self.s3.put_public_access_block(**self.ours, PublicAccessBlockConfiguration=closed)

    def exists(self) -> bool:
        try:
            self.s3.head_bucket(**self.ours)
            return True
        except ClientError as error:
            if code_of(error) in MISSING:
                return False
            if code_of(error) == "403":
                raise Stop(
                    f"The bucket {self.bucket} is not yours to use.",
                    "have s3:ListBucket on it allowed; if another account took its name, use another region",
                ) from None
            raise

    def put(self, key: str, data: bytes) -> str:
        """Puts what has its content's sum in its name: once is enough."""
        try:
            self.s3.head_object(**self.ours, Key=key)
        except ClientError as error:
            if code_of(error) not in MISSING:
                raise
            self.s3.put_object(**self.ours, Key=key, Body=data)
        return key

    def get(self, key: str) -> bytes:
        return self.s3.get_object(**self.ours, Key=key)["Body"].read()

    def pack(self, code: list[Packed], web: Packed | None, parameters: dict[str, str]) -> Release:
        """Uploads everything, and says what it is; not yet noted as deployed."""
        keys = {packed.name: self.put(f"functions/{packed.name}-{packed.sum}.zip", packed.data) for packed in code}
        template = CODE_URI.sub(lambda found: f"CodeUri: s3://{self.bucket}/{keys[found[1]]}", TEMPLATE.read_text())
        template = self.spelled_out(template, parameters)
        template_sum = hashlib.sha256(template.encode()).hexdigest()[:16]
        web_key = self.put(f"web/{web.sum}.zip", web.data) if web else None
        name = hashlib.sha256(f"{template_sum} {web_key} {sorted(parameters.items())}".encode()).hexdigest()[:12]
        template_key = self.put(f"templates/{template_sum}.yaml", template.encode())
        # The stack says which release it runs.
        return Release(name, "", commit(), template_key, web_key, {**parameters, "Release": name})

    def spelled_out(self, template: str, parameters: dict[str, str]) -> str:
        """What must stand in the template to the letter: the names of what outlives a stack, and a sum of the settings."""
        # Who set them makes no function another one.
        told = sorted(item for item in parameters.items() if item[0] != "Given")
        settings = hashlib.sha256(str(told).encode()).hexdigest()[:12]
        names = {"StackName": self.stack, "AccountId": self.aws.account, "Region": self.aws.region}
        for line in NAMED:
            plain = line.replace("!Ref AWS::StackName", self.stack).replace('!Sub "', '"')
            for name, value in names.items():
                plain = plain.replace(f"${{AWS::{name}}}", value)
            template = template.replace(line, plain)
        return template.replace(SETTINGS, f"Settings: {settings}")

    def template_url(self, release: Release) -> str:
        return f"{self.s3.meta.endpoint_url}/{self.bucket}/{release.template}"

    def note(self, release: Release) -> None:
        """Notes that it is deployed now: before it is, so that one whose deployment is cut off can be gone back from."""
        release.deployed = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        key = f"releases/{self.stack}/{release.name}.json"
        noted = asdict(release)
        noted["parameters"] |= {name: UNSEEN for name in HIDDEN if release.parameters.get(name)}
        self.s3.put_object(**self.ours, Key=key, Body=json.dumps(noted, indent=2).encode())

    def releases(self) -> list[Release]:
        """Those of this stack, the newest first."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(**self.ours, Prefix=f"releases/{self.stack}/")
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        releases = [Release(**json.loads(self.get(key))) for key in keys]
        return sorted(releases, key=lambda release: release.deployed, reverse=True)

    def before(self, current: str | None, wanted: str) -> Release:
        """The release to go back to: the one that is named, or the one before the current."""
        releases = {release.name: release for release in (self.releases() if self.exists() else [])}
        listed = "\n".join(f"    {r.name}  {r.deployed}  commit {r.commit}" for r in releases.values()) or "    none"
        name = wanted or (releases[current].after if current in releases else None)
        if name not in releases:
            reason = f"There is no release {wanted or 'before the current one'} of {self.stack}. There are:\n{listed}"
            raise Stop(reason, "name one of these: --rollback RELEASE; or deploy the commit that you want")
        return releases[name]


def commit() -> str:
    """The commit that is deployed, for whoever looks for it later."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "unknown"
    except FileNotFoundError:
        return "unknown"


def media_type(name: str) -> str:
    kind = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".map": "application/json"}
    suffix = name[name.rfind(".") :] if "." in name else ""
    found = kind.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
