"""What people do, from end to end."""

import asyncio
import datetime
import json
import os
import urllib.request
import uuid

import websockets

import door
from client import Client
from door import call
from receiver import Receiver
from update import update

INBOX, TEAM = "inb_web", "tea_support"


async def handshake(url: str) -> int:
    """The status with which a socket is refused; 101 where it opens."""
    try:
        socket = await websockets.connect(url, open_timeout=door.DEADLINE_SECONDS)
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
    await socket.close()
    return 101


async def connect_and_authorise():
    """A ticket opens one socket; without one, nothing opens."""
    visitor = await asyncio.to_thread(door.anonymous)
    url = await asyncio.to_thread(door.ticket, visitor)
    address = url.partition("?")[0]
    # API Gateway says 401 where the ticket is missing, and the authorizer 403.
    assert await handshake(address) in (401, 403)
    assert await handshake(f"{address}?ticket=tkt_nobodys") == 403
    assert await handshake(url) == 101
    assert await handshake(url) == 403, "a ticket opens one socket"
    assert (await asyncio.to_thread(door.ask, "GET", "/v1/conversations", "nonsense"))[0] == 401
    client = await Client.open(visitor)
    welcome = (await client.ok(action="hello"))["welcome"]
    assert welcome["me"]["kind"] == "visitor" and welcome["conversations"] == [], welcome
    assert await client.refused(action="fly") == "unknown_action"
    await client.ok(action="ping")


async def send_and_push():
    """What is said is acked, stored once, and pushed to the other side."""
    anna = await Client.agent(door.ADMIN)
    visitor = await Client.visitor()
    conversation = await visitor.begin("Guten Tag, 你好")
    await anna.entry("assigned", lambda entry: entry["conversation"] == conversation)
    read = (await anna.ok(action="sync", conversation=conversation, after=0))["entries"]
    assert "Guten Tag, 你好" in [entry["content"]["text"] for entry in read if entry.get("type") == "message"], read
    answer = await anna.say(conversation, "Hello! What can I do for you?")
    heard = await visitor.entry("message", lambda entry: entry["by"]["kind"] == "agent")
    assert (heard["seq"], heard["content"]["text"]) == (answer["seq"], "Hello! What can I do for you?"), heard
    # The same again, as after a lost ack, has no second effect.
    client_id = uuid.uuid4().hex
    await visitor.ok(action="sync", conversation=conversation, after=0)
    frame = {"action": "send", "conversation": conversation, "after": visitor.seen(conversation), "client_id": client_id}
    first = await visitor.ok(**frame, content={"kind": "text", "text": "twice"})
    again = await visitor.ok(**frame, content={"kind": "text", "text": "twice"})
    assert first["seq"] == again["seq"]
    texts = [entry["content"]["text"] for entry in await asyncio.to_thread(door.log, conversation) if entry["type"] == "message"]
    assert texts.count("twice") == 1, texts
    await visitor.ok(action="typing", conversation=conversation, on=True)
    await anna.pushed("typing", lambda frame: frame["type"] == "typing" and frame["on"])
    await anna.ok(action="close", conversation=conversation)
    await anna.leave()


async def resume():
    """Whoever's line was cut gets what was said meanwhile, in order and without a gap."""
    anna = await Client.agent(door.ADMIN)
    who = await asyncio.to_thread(door.anonymous)
    visitor = await Client.open(who)
    conversation = await visitor.begin("I am in a tunnel soon")
    await anna.entry("assigned", lambda entry: entry["conversation"] == conversation)
    await visitor.ok(action="sync", conversation=conversation, after=0)
    read = visitor.seen(conversation)
    await visitor.cut()
    await anna.ok(action="sync", conversation=conversation, after=0)
    for word in ("one", "two", "three"):
        await anna.say(conversation, word)
    back = await Client.open(who)
    hello = await back.ok(action="hello", cursors={conversation: read})
    resumed = next(one for one in hello["welcome"]["conversations"] if one["conversation"] == conversation)
    seqs = [entry["seq"] for entry in resumed["entries"]]
    assert seqs == list(range(read + 1, resumed["head"] + 1)), seqs
    texts = [entry["content"]["text"] for entry in resumed["entries"] if entry.get("type") == "message"]
    assert texts[-3:] == ["one", "two", "three"], texts
    # The new socket is pushed to.
    await anna.say(conversation, "four")
    await back.entry("message", lambda entry: entry["content"]["text"] == "four")
    await anna.ok(action="close", conversation=conversation)
    await anna.leave()


async def assign():
    """Who waits gets an agent as soon as one is there; a conversation goes from one to another."""
    visitor = await Client.visitor()
    conversation = await visitor.begin("Is anybody there?")
    await visitor.pushed("a place in the queue", lambda frame: frame["type"] == "position")
    ben = await Client.agent(await asyncio.to_thread(door.agent, "ben"))
    assert (await visitor.entry("assigned"))["agent"] == "agt_ben"
    await ben.entry("assigned", lambda entry: entry["conversation"] == conversation)
    anna = await Client.agent(door.ADMIN)
    await ben.ok(action="transfer", conversation=conversation, to={"agent": "agt_anna"}, note="she knows")
    await anna.pushed(
        "the offer", lambda frame: frame["type"] == "entry" and frame["entry"]["conversation"] == conversation
    )
    await anna.ok(action="accept", conversation=conversation)
    await visitor.entry("assigned", lambda entry: entry["agent"] == "agt_anna")
    await anna.ok(action="close", conversation=conversation)
    await visitor.entry("closed")
    await ben.leave()
    await anna.leave()


async def webhook():
    """The company's system hears of it, signed; what it refuses comes again with the same id."""
    company = Receiver()
    made = await asyncio.to_thread(call, "POST", "/v1/webhooks", body={"url": company.url, "events": ["message.created"]})
    company.refusals.put(500)
    visitor = await Client.visitor()
    conversation = await visitor.begin("for the webhook 你好")
    refused, event = await asyncio.to_thread(company.next, made["secret"])
    assert event["subject"] == conversation, event
    assert event["data"]["entry"]["content"]["text"] == "for the webhook 你好", event
    again, same = await asyncio.to_thread(company.next, made["secret"])
    assert again["webhook-id"] == refused["webhook-id"] and same == event, (refused, again)
    path = f"/v1/webhooks/{made['id']}/deliveries"
    found = await asyncio.to_thread(
        door.until, "the delivery", lambda: call("GET", path)["data"], lambda all: all and all[0]["status"] == "delivered"
    )
    assert [attempt["status"] for attempt in found[0]["attempts"]] == [500, 204], found
    await asyncio.to_thread(call, "DELETE", f"/v1/webhooks/{made['id']}")


async def events_in():
    """A system's event is taken, done once, and known the second time."""
    now = datetime.datetime.now(tz=datetime.timezone.utc).isoformat()
    event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "/shop", "type": "shop.order.shipped", "time": now}
    event |= {"subject": "order 订单", "data": {"number": "A1001"}}
    first = await asyncio.to_thread(call, "POST", "/v1/events", body=event)
    assert (first["accepted"], first["known"]) == (1, 0), first
    again = await asyncio.to_thread(call, "POST", "/v1/events", body=event)
    assert (again["accepted"], again["known"]) == (0, 1), again
    path = f"/v1/events/{first['events'][0]['id']}"
    await asyncio.to_thread(door.until, "the event", lambda: call("GET", path), lambda seen: seen["status"] == "done")


async def attachment():
    """A file goes from browser to bucket at a signed address, and comes back."""
    data = b"\x89PNG of nothing"
    announced = {"name": "shoe.png", "media_type": "image/png", "size": len(data)}
    visitor = await asyncio.to_thread(door.anonymous)
    file = await asyncio.to_thread(call, "POST", "/v1/attachments", visitor, announced)

    def there_and_back():
        headers = {"content-type": "image/png"}
        put = urllib.request.Request(file["upload_url"], data=data, method="PUT", headers=headers)
        urllib.request.urlopen(put, timeout=door.DEADLINE_SECONDS).close()
        url = call("GET", f"/v1/attachments/{file['id']}", visitor)["download_url"]
        return urllib.request.urlopen(url, timeout=door.DEADLINE_SECONDS).read()

    assert await asyncio.to_thread(there_and_back) == data


async def ai():
    """The AI agent answers from the articles, in both languages, and people get whom it cannot help."""
    articles = "question,answer\nWhat is your return policy?,You can return any item within 30 days.\n怎么开发票？,电子发票会发送到您的邮箱。\n"
    await asyncio.to_thread(call, "PUT", "/v1/ai", body={"gather_ms": 30})
    body = {"format": "csv", "name": "faq.csv", "text": articles}
    await asyncio.to_thread(call, "POST", "/v1/articles/import", body=body)

    def tested(text):
        return lambda: call("POST", "/v1/ai/test", body={"text": text})

    for text in ("What is your return policy?", "怎么开发票？"):
        await asyncio.to_thread(door.until, "the index", tested(text), lambda seen: seen["outcome"] == "exact")
    await asyncio.to_thread(call, "PATCH", f"/v1/inboxes/{INBOX}", body={"bot": True})
    try:
        visitor = await Client.visitor()
        conversation = await visitor.begin("What is your return policy?")

        def by_bot(entry):
            return entry["by"]["kind"] == "bot"

        assert "30 days" in (await visitor.entry("message", by_bot))["content"]["text"]
        await visitor.say(conversation, "怎么开发票？")
        assert "电子发票" in (await visitor.entry("message", by_bot))["content"]["text"]
        await visitor.say(conversation, "human please")
        await visitor.entry("message", by_bot)
        queued = await asyncio.to_thread(door.logged, conversation, "the queue", lambda e: e["type"] == "queued")
        assert (queued["reason"], queued["team"]) == ("handoff", TEAM), queued
        ben = await Client.agent(await asyncio.to_thread(door.agent, "ben"))
        await visitor.entry("assigned", lambda entry: entry["agent"] == "agt_ben")
        await ben.ok(action="close", conversation=conversation)
        await ben.leave()
    finally:
        await asyncio.to_thread(call, "PATCH", f"/v1/inboxes/{INBOX}", body={"bot": False})


async def due():
    """What is due later is done by the schedule: a conversation that was put aside comes back."""
    ben = await Client.agent(await asyncio.to_thread(door.agent, "ben"))
    visitor = await Client.visitor()
    conversation = await visitor.begin("call me back in a moment")
    await ben.entry("assigned", lambda entry: entry["conversation"] == conversation)
    soon = (datetime.datetime.now(tz=datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat()
    await ben.ok(action="snooze", conversation=conversation, until=soon)
    # The schedule comes each minute; pings keep the agent there meanwhile.
    for _ in range(3):
        try:
            await ben.entry("woken", lambda entry: entry["conversation"] == conversation)
            break
        except AssertionError:
            await ben.ok(action="ping")
    else:
        raise AssertionError("nobody woke it")
    await ben.ok(action="close", conversation=conversation)
    await ben.leave()


ALL = [connect_and_authorise, send_and_push, resume, assign, webhook, events_in, attachment, ai, due]
# Where it is known how to deploy again.
if "DESKWIRE_DEPLOY" in os.environ:
    ALL.append(update)
