"""The door to AWS: whose credentials these are, and what its errors mean."""

import os
from dataclasses import dataclass, field

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from . import Stop

# A line that fails for a moment is tried again by itself, up to a minute or so.
RETRIES = {"max_attempts": 8, "mode": "standard"}
CONNECT_SECONDS = 10
READ_SECONDS = 60
SIGN_IN = "sign in (aws sso login, or aws configure), or set AWS_PROFILE or --profile; then run the same again"
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


@dataclass
class Aws:
    """One account and region."""

    session: boto3.Session
    endpoint: str | None
    account: str
    clients: dict = field(default_factory=dict)

    @property
    def region(self) -> str:
        return self.session.region_name

    def client(self, service: str):
        if service not in self.clients:
            self.clients[service] = make(self.session, service, self.endpoint)
        return self.clients[service]

    def once(self, service: str, seconds: int):
        """A client that asks once, and waits so long for the answer."""
        return make(self.session, service, self.endpoint, seconds, {"total_max_attempts": 1})


def make(session: boto3.Session, service: str, endpoint: str | None, seconds: int = READ_SECONDS, retries: dict = RETRIES):
    # Where an endpoint is given it rarely has a host name for each bucket.
    s3 = {"addressing_style": "path"} if endpoint else {}
    config = Config(retries=retries, connect_timeout=CONNECT_SECONDS, read_timeout=seconds, s3=s3)
    return session.client(service, endpoint_url=endpoint, config=config)


def sign_in(profile: str | None, region: str | None, endpoint: str | None, account: str | None) -> Aws:
    """The account that the credentials are of; stops where there are none, or where they are another account's."""
    try:
        # boto3 reads AWS_DEFAULT_REGION; the other tools and SDKs read AWS_REGION first.
        session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
        if session.get_credentials() is None:
            raise NoCredentialsError
        if not session.region_name:
            raise Stop("No region is set.", "say which: --region eu-central-1, or AWS_REGION")
        found = make(session, "sts", endpoint).get_caller_identity()["Account"]
    except (ConnectionError, HTTPClientError) as error:
        where = f"{endpoint} does not answer" if endpoint else f"AWS does not answer in the region {session.region_name}"
        raise Stop(f"{where} ({error}).", "look at the line and at --endpoint-url, --region; then run the same again") from None
    except NoRegionError:
        raise Stop("No region is set.", "say which: --region eu-central-1, or AWS_REGION") from None
    if account and account != found:
        raise Stop(
            f"These credentials are of account {found}, and not of {account}.",
            f"use credentials of {account} (--profile, AWS_PROFILE), or another --account-id",
        )
    return Aws(session, endpoint, found)


# Everything that boto3 says itself or hands on.
ERRORS = (BotoCoreError, ClientError, ResponseParserError)


def no_credentials(error: Exception) -> bool:
    return isinstance(error, (NoCredentialsError, PartialCredentialsError))


def in_words(error: Exception) -> Stop:
    """What an error of AWS or of the line means, and what to do."""
    if no_credentials(error):
        return Stop("There are no AWS credentials, or not all parts of them.", SIGN_IN)
    if isinstance(error, ProfileNotFound):
        return Stop(str(error), "see `aws configure list-profiles`")
    if isinstance(error, (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)):
        return Stop("The sign-in has run out.", SIGN_IN)
    if isinstance(error, ClientError):
        return of_service(error)
    if isinstance(error, ResponseParserError):
        return Stop("What answered is not AWS: a proxy, or a broken endpoint.", "look at HTTPS_PROXY and --endpoint-url")
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return lost(str(error))
    return Stop(f"{type(error).__name__}: {error}", "mend what it names, then run the same again")


def of_service(error: ClientError) -> Stop:
    code, text = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", str(error))
    if code in EXPIRED:
        return Stop("The credentials have run out.", SIGN_IN)
    if code in UNKNOWN:
        return Stop(f"AWS does not know these credentials ({code}).", SIGN_IN)
    if code in DENIED:
        return Stop(text, "have this action allowed (infra/github-role.yaml lists what a deployment does), run the same again")
    if code == "ValidationError":
        return Stop(f"{error.operation_name}: {text}", "mend what it names (parameters: --param NAME=VALUE), then run the same again")
    return Stop(f"{error.operation_name}: {code}: {text}", "if this says nothing to you, run the same again: nothing is half done")


def lost(why: str) -> Stop:
    return Stop(
        f"The line to AWS was lost ({why}).",
        "run the same again: what is under way at AWS goes on by itself, and the command waits for it",
    )


def code_of(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


def text_of(error: ClientError) -> str:
    return error.response["Error"].get("Message", "")
