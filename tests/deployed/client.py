"""A client on one socket: asks by `ref`, keeps what is pushed."""

import asyncio
import json
import uuid

import websockets

import door


class Client:
    @classmethod
    async def open(cls, access_token: str) -> "Client":
        url = await asyncio.to_thread(door.ticket, access_token)
        self = cls()
        self.socket = await websockets.connect(url, open_timeout=door.DEADLINE_SECONDS)
        self.answers, self.frames, self.entries = {}, asyncio.Queue(), {}
        self.reading = asyncio.create_task(self.read())
        return self

    @classmethod
    async def visitor(cls) -> "Client":
        return await cls.open(await asyncio.to_thread(door.anonymous))

    @classmethod
    async def agent(cls, access_token: str) -> "Client":
        """An agent who is there, and has room."""
        self = await cls.open(access_token)
        await self.ok(action="hello")
        await self.ok(action="presence", status="online")
        return self

    async def read(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            for entry in [*frame.get("entries", []), *([frame["entry"]] if "entry" in frame else [])]:
                self.entries.setdefault(entry["conversation"], {})[entry["seq"]] = entry
            if waiting := self.answers.pop(frame.get("ref"), None):
                waiting.set_result(frame)
            else:
                self.frames.put_nowait(frame)

    async def ask(self, **frame) -> dict:
        reference = uuid.uuid4().hex
        waiting = self.answers[reference] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({**frame, "ref": reference}))
        return await asyncio.wait_for(waiting, door.DEADLINE_SECONDS)

    async def ok(self, **frame) -> dict:
        answer = await self.ask(**frame)
        assert answer["type"] == "ack", f"{frame}: {answer}"
        return answer

    async def refused(self, **frame) -> str:
        answer = await self.ask(**frame)
        assert answer["type"] == "error", f"{frame}: {answer}"
        return answer["code"]

    def seen(self, conversation: str) -> int:
        """How far the log is there without a gap."""
        seq = 0
        while seq + 1 in self.entries.get(conversation, {}):
            seq += 1
        return seq

    async def begin(self, text: str) -> str:
        """A visitor's first words."""
        content = {"kind": "text", "text": text}
        return (await self.ok(action="send", client_id=uuid.uuid4().hex, content=content))["conversation"]

    async def say(self, conversation: str, text: str, client_id: str | None = None) -> dict:
        content = {"kind": "text", "text": text}
        client_id, after = client_id or uuid.uuid4().hex, self.seen(conversation)
        return await self.ok(action="send", conversation=conversation, after=after, client_id=client_id, content=content)

    async def pushed(self, what: str, wanted) -> dict:
        """Waits for a pushed frame; earlier ones are passed over."""
        passed = []
        try:
            async with asyncio.timeout(door.DEADLINE_SECONDS):
                while not wanted(frame := await self.frames.get()):
                    passed.append(frame)
        except TimeoutError:
            raise AssertionError(f"{what} is not pushed, but {json.dumps(passed, ensure_ascii=False)}") from None
        return frame

    async def entry(self, kind: str, wanted=lambda entry: True) -> dict:
        def is_it(frame):
            return frame["type"] == "entry" and frame["entry"].get("type") == kind and wanted(frame["entry"])

        return (await self.pushed(kind, is_it))["entry"]

    async def leave(self) -> None:
        """As an agent does: nothing more is given to them."""
        await self.ok(action="presence", status="offline")
        await self.socket.close()

    async def cut(self) -> None:
        """As a dead network does: without a word."""
        self.reading.cancel()
        self.socket.transport.abort()
