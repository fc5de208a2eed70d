// The page works without this. With it, forms are sent without leaving the page, and what others do is seen at once.

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const element = (id) => document.getElementById(id);

function say(text) {
  element("status").textContent = text;
}

/**
 * Puts what the server has drawn in the place of what is shown. What is the same stays, so that nobody's click or focus is lost
 * because somebody else has changed something.
 */
function draw(drawn, container) {
  const shown = element(drawn.id);
  if (shown?.outerHTML === drawn.outerHTML) return;
  if (shown) shown.replaceWith(drawn);
  else container.append(drawn);
  if (drawn.matches("li")) drawn.animate({ backgroundColor: ["var(--glow)", "transparent"] }, 1500);
}

/** Shows a list, unless it is older than what is shown. */
function show(list) {
  const shown = element("list");
  if (!list || Number(list.dataset.revision) <= Number(shown.dataset.revision)) return;
  const focused = document.activeElement;
  for (const item of shown.querySelectorAll("li")) {
    if (!list.querySelector(`#${item.id}`)) item.remove();
  }
  for (const drawn of list.querySelectorAll("li, #summary, #clear")) draw(drawn, element("tasks"));
  shown.dataset.revision = list.dataset.revision;
  if (!focused.isConnected) (element(focused.id) ?? shown).focus({ preventScroll: true });
}

/** Sends a form; gives the page that comes back. */
async function send(form, body) {
  const answer = await fetch(form.action, { method: "POST", body });
  if (answer.status >= 500) throw new Error(answer.statusText);
  return parse(await answer.text());
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  const title = body.get("title");
  // The next one can be typed before the server has answered.
  if (title) element("title").value = "";
  try {
    const page = await send(event.target, body);
    show(page.getElementById("list"));
    // With what was wrong, unless the next one is being typed.
    if (title && !element("title").value) {
      draw(page.getElementById("add"));
      element("title").focus();
    }
  } catch {
    say(title ? `“${title}” was not saved.` : "That was not saved.");
    if (title && !element("title").value) element("title").value = title;
  }
});

let socket;
let again;
let failures = 0;

function listen() {
  // From the address of the page: below a path too, and encrypted where the page is.
  const url = new URL(element("script").dataset.live, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  socket = new WebSocket(url);
  socket.onopen = () => {
    failures = 0;
    document.body.classList.add("live");
    say("Live");
  };
  socket.onmessage = (message) => show(parse(message.data).getElementById("list"));
  socket.onclose = () => {
    document.body.classList.remove("live");
    say("Connection lost, trying again …");
    // Not all at once where a server has gone.
    again = setTimeout(listen, Math.min(500 * 2 ** failures++, 10000) * (0.5 + Math.random()));
  };
}

// A browser may keep a page that was left, with its socket, for whoever comes back to it.
addEventListener("pageshow", listen);
addEventListener("pagehide", () => {
  clearTimeout(again);
  socket.onclose = null;
  socket.close();
});
