"""Python's `websockets` against an echo. The one argument is its URL; each line that is printed is something that was seen."""

import asyncio
import os
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

URL = sys.argv[1]
LIMIT = 1 << 20

# Frames that nobody may send, as they are on the wire, and the code that a server closes with.
BAD_FRAMES = {
    "unmasked": (b"\x81\x01x", 1002),
    "reserved opcode": (b"\x83\x80\0\0\0\0", 1002),
    "reserved bit": (b"\xa1\x81\0\0\0\0x", 1002),
    "continuation of nothing": (b"\x80\x81\0\0\0\0x", 1002),
    "ping in pieces": (b"\x09\x80\0\0\0\0", 1002),
    "long ping": (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, 1002),
    "text that is none": (b"\x81\x82\0\0\0\0\xff\xff", 1007),
    "close with half a code": (b"\x88\x81\0\0\0\0\x03", 1002),
    "close with a code of nobody": (b"\x88\x82\0\0\0\0\x03\xed", 1002),
}


def opened(compression, **options):
    return connect(URL, compression=compression, max_size=None, proxy=None, **options)


async def closed_with(socket):
    try:
        while True:
            await asyncio.wait_for(socket.recv(), 30)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


async def echo(socket):
    for message in [
        "hällo",
        "",
        b"",
        bytes(range(256)),
        "x" * 70_000,
        os.urandom(LIMIT),
        "again and " * 10_000,
        "again and " * 10_000,
    ]:
        await socket.send(message)
        assert await socket.recv() == message, f"another message than {message[:20]!r}"
    # In pieces.
    await socket.send(["one, ", "twö, ", "", "three"])
    assert await socket.recv() == "one, twö, three"
    await socket.send([b"\xff", os.urandom(0), b"\x00" * 5000])
    assert await socket.recv() == b"\xff" + b"\x00" * 5000
    # Many at once.
    for number in range(500):
        await socket.send(str(number))
    for number in range(500):
        assert await socket.recv() == str(number)
    await asyncio.wait_for(await socket.ping("are you there"), 30)
    await socket.close(4321, "bye")
    assert socket.close_code == 4321, socket.close_code


async def main():
    for compression in [None, "deflate"]:
        async with opened(compression) as socket:
            agreed = [extension.name for extension in socket.protocol.extensions]
            assert agreed == ([] if compression is None else ["permessage-deflate"]), agreed
            await echo(socket)
        print(f"echo, compression {compression}")
        async with opened(compression) as socket:
            await socket.send("x" * (LIMIT + 1))
            assert await closed_with(socket) == 1009
        print(f"too long, compression {compression}")
    for name, (frame, code) in BAD_FRAMES.items():
        async with opened(None) as socket:
            socket.transport.write(frame)
            closed = await closed_with(socket)
            assert closed == code, f"{name}: {closed}"
        print(f"bad frame: {name}")
    async with opened("deflate") as socket:
        socket.transport.write(b"\xc1\x84\0\0\0\0\xff\xff\xff\xff")
        closed = await closed_with(socket)
        assert closed in (1002, 1007), closed
    print("bad frame: compressed data that is none")


asyncio.run(main())
