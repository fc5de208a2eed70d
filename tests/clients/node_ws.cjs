// Node's `ws` against an echo. The one argument is its URL; each line that is printed is something that was seen.
"use strict";

const assert = require("node:assert");
const crypto = require("node:crypto");
const { once } = require("node:events");
const WebSocket = require("ws");

const url = process.argv[2];
const LIMIT = 1 << 20;

// Frames that nobody may send, as they are on the wire, and the code that a server closes with.
const BAD_FRAMES = {
  "unmasked": ["810178", 1002],
  "reserved opcode": ["838000000000", 1002],
  "reserved bit": ["a1810000000078", 1002],
  "continuation of nothing": ["80810000000078", 1002],
  "ping in pieces": ["098000000000", 1002],
  "text that is none": ["818200000000ffff", 1007],
  "close with half a code": ["88810000000003", 1002],
};

// With everything compressed that may be, whatever its size.
const COMPRESSIONS = {
  "none": false,
  "as it is": { threshold: 0 },
  "without context": { threshold: 0, clientNoContextTakeover: true, serverNoContextTakeover: true },
  "small windows": { threshold: 0, clientMaxWindowBits: 9, serverMaxWindowBits: 9 },
};

async function open(perMessageDeflate) {
  const socket = new WebSocket(url, { perMessageDeflate });
  // What comes before somebody waits for it.
  socket.inbox = [];
  socket.on("message", (data, isBinary) => {
    socket.inbox.push(isBinary ? data : data.toString());
    socket.emit("came");
  });
  socket.on("error", () => {});
  await once(socket, "open");
  return socket;
}

async function recv(socket) {
  while (socket.inbox.length === 0) await once(socket, "came");
  return socket.inbox.shift();
}

async function closedWith(socket) {
  const [code] = await once(socket, "close");
  return code;
}

async function echo(socket) {
  const messages = ["hällo", "", Buffer.alloc(0), Buffer.from([0, 255]), "x".repeat(70000), crypto.randomBytes(LIMIT),
    "again and ".repeat(10000), "again and ".repeat(10000)];
  for (const message of messages) {
    socket.send(message);
    assert.deepStrictEqual(await recv(socket), message);
  }
  // In pieces, with a ping between.
  socket.send("one, ", { fin: false });
  socket.ping("between");
  socket.send("two, ", { fin: false });
  socket.send("three", { fin: true });
  await once(socket, "pong");
  assert.strictEqual(await recv(socket), "one, two, three");
  for (let number = 0; number < 500; number += 1) socket.send(String(number));
  for (let number = 0; number < 500; number += 1) assert.strictEqual(await recv(socket), String(number));
  socket.close(4321, "bye");
  assert.strictEqual(await closedWith(socket), 4321);
}

async function main() {
  for (const [name, compression] of Object.entries(COMPRESSIONS)) {
    const socket = await open(compression);
    assert.strictEqual(socket.extensions, compression ? "permessage-deflate" : "");
    await echo(socket);
    console.log(`echo, compression ${name}`);
    const long = await open(compression);
    long.send("x".repeat(LIMIT + 1));
    assert.strictEqual(await closedWith(long), 1009);
    console.log(`too long, compression ${name}`);
  }
  for (const [name, [frame, code]] of Object.entries(BAD_FRAMES)) {
    const socket = await open(false);
    socket._socket.write(Buffer.from(frame, "hex"));
    assert.strictEqual(await closedWith(socket), code, name);
    console.log(`bad frame: ${name}`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
