"""A company's system that sends events with the CNCF's `cloudevents` library, signed by `standardwebhooks`."""

import datetime
import json
import time
import urllib.request

from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks.webhooks import Webhook

from gateway import BASE, call, token_of


def post(source, message):
    """Posts what the library made, signed: the answer."""
    body = bytes(message.body)
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    signature = Webhook(source["secret"]).sign("1", now, body.decode())
    headers = {**message.headers, "webhook-id": "1", "webhook-timestamp": str(int(now.timestamp())),
               "webhook-signature": signature}
    headers.setdefault("content-type", "application/json")
    request = urllib.request.Request(source["url"], data=body, method="POST", headers=headers)
    answer = urllib.request.urlopen(request, timeout=10)
    assert answer.status == 202, answer.status
    return json.load(answer)


def events(binary, folder):
    admin = token_of(binary, folder, "anna", "admin")
    source = call("/v1/event-sources", admin, {"name": "python"})
    attributes = {"id": "1", "source": "/python", "type": "shop.order.shipped", "subject": "Auftrag 订单",
                  "specversion": "1.0", "time": datetime.datetime.now(tz=datetime.timezone.utc)}
    event = CloudEvent(attributes=attributes, data={"number": "A1001", "words": "für 你好"})
    first = post(source, to_structured_event(event))
    assert (first["accepted"], first["known"]) == (1, 0), first
    # The other mode says the same, and so has no second effect.
    again = post(source, to_binary_event(event))
    assert (again["accepted"], again["known"]) == (0, 1), again
    deadline = time.monotonic() + 20
    while True:
        request = urllib.request.Request(f"{BASE}/v1/events/{first['events'][0]['id']}",
                                         headers={"authorization": f"Bearer {admin}"})
        report = json.load(urllib.request.urlopen(request, timeout=10))
        if report["status"] == "done":
            break
        assert time.monotonic() < deadline, report
        time.sleep(0.05)
    assert report["event"]["subject"] == "Auftrag 订单", report
    assert report["event"]["data"]["words"] == "für 你好", report
