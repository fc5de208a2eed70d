"use strict";

const element = (id) => document.getElementById(id);
const room = element("room");
const messages = element("messages");

let name = null;
let socket = null;
let last = 0;
let failures = 0;
let hidden = false;

/** A colour for a name: the same for everybody. */
function hue(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 360;
  return sum;
}

function make(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

function show(message) {
  // One that came twice, or late: each has its place by its number.
  let before = messages.lastElementChild;
  while (before && (!before.dataset.id || Number(before.dataset.id) > message.id)) before = before.previousElementSibling;
  if (before && Number(before.dataset.id) === message.id) return;
  const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80;
  const mine = message.name === name;
  const line = make("li", mine ? "message mine" : "message");
  line.dataset.id = message.id;
  line.dataset.name = message.name;
  line.style.setProperty("--hue", hue(message.name));
  if (before && before.dataset.name === message.name) line.classList.add("again");
  const who = make("p", "who", mine ? "You" : message.name);
  const time = make("time", "", new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = new Date(message.at).toISOString();
  who.append(time);
  line.append(who, make("p", "text", message.text));
  if (before) before.after(line);
  else messages.prepend(line);
  last = Math.max(last, message.id);
  if (atEnd || mine) messages.scrollTop = messages.scrollHeight;
}

function showPeople(names) {
  element("people").replaceChildren(...names.map((person) => {
    const chip = make("li", "person", person === name ? `${person} (you)` : person);
    chip.style.setProperty("--hue", hue(person));
    return chip;
  }));
}

function note(text) {
  messages.append(make("li", "note", text));
  messages.scrollTop = messages.scrollHeight;
}

function hear(answer) {
  switch (answer.type) {
    case "history": answer.messages.forEach(show); break;
    case "said": show(answer); break;
    case "present": showPeople(answer.names); break;
    case "refused": note(answer.reason); break;
  }
}

function setConnected(connected, text) {
  room.classList.toggle("connected", connected);
  element("status").textContent = text;
  element("say").querySelector("button").disabled = !connected;
}

function connect() {
  if (hidden || socket?.readyState <= WebSocket.OPEN) return;
  setConnected(false, "connecting …");
  // From the address of the page: below a path too, and encrypted where the page is.
  const url = new URL(`${room.dataset.room}/socket`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ name, after: last });
  socket = new WebSocket(url);
  socket.onopen = () => {
    failures = 0;
    setConnected(true, "connected");
  };
  socket.onmessage = (event) => hear(JSON.parse(event.data));
  socket.onclose = () => {
    if (hidden) return;
    setConnected(false, "connection lost, trying again …");
    showPeople([]);
    // Not all at once where a server has gone.
    const wait = Math.min(500 * 2 ** failures++, 10000) * (0.5 + Math.random());
    setTimeout(connect, wait);
  };
}

function comeIn(chosen) {
  name = chosen;
  element("introduce").hidden = true;
  element("say").hidden = false;
  element("text").focus();
  connect();
}

element("introduce").addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = element("name").value.trim();
  if (!chosen) return;
  sessionStorage.setItem("name", chosen);
  comeIn(chosen);
});

element("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = element("text").value.trim();
  if (!text || socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ type: "say", text }));
  element("text").value = "";
});

// A browser may keep a page that was left, with its socket, for whoever comes back to it.
window.addEventListener("pagehide", () => {
  hidden = true;
  socket?.close();
});
window.addEventListener("pageshow", (event) => {
  hidden = false;
  if (event.persisted && name) connect();
});

const known = sessionStorage.getItem("name");
if (known) {
  comeIn(known);
} else {
  setConnected(false, "not connected");
  element("introduce").hidden = false;
  element("name").focus();
}
