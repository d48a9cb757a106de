"""The web files, from a release's zip into the bucket behind the CDN."""

import io
import time
import zipfile

from . import say
from .aws import Aws
from .release import media_type

# As the gateway says it (localstack/gateway/src/web.rs): a name with a hash is its content's for ever; the loader that
# stands on other sites' pages is new within minutes; everything else is asked for anew.
HASHED, FOR_EVER = "assets/", "public, max-age=31536000, immutable"
LOADER, MINUTES = "widget.js", "public, max-age=300"
ASK = "no-cache"
PLACES = ["/console*", "/widget*", "/docs*"]


def cache_control(name: str) -> str:
    if HASHED in name:
        return FOR_EVER
    return MINUTES if name == LOADER else ASK


def order(name: str) -> tuple[bool, bool, str]:
    """Pages last: none may name a file that is not there yet."""
    return name.endswith(".html"), HASHED not in name, name


def publish(aws: Aws, bucket: str, cdn: str, packed: bytes) -> None:
    """What earlier releases had stays: pages that are open load parts of theirs."""
    s3 = aws.client("s3")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = sorted(archive.namelist(), key=order)
        for name in names:
            s3.put_object(
                Bucket=bucket,
                Key=name,
                Body=archive.read(name),
                ContentType=media_type(name),
                CacheControl=cache_control(name),
            )
    say(f"{len(names)} files in {bucket}")
    batch = {"Paths": {"Quantity": len(PLACES), "Items": PLACES}, "CallerReference": str(time.time_ns())}
    aws.client("cloudfront").create_invalidation(DistributionId=cdn, InvalidationBatch=batch)
