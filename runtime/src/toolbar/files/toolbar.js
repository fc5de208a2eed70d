// Keeps the list of requests up to date while somebody looks at it.
(() => {
  "use strict";
  const list = document.getElementById("requests");
  if (!list) return;
  const { base, current } = list.dataset;
  let revision = list.dataset.revision;
  let waits = [...list.querySelectorAll("a[aria-current] .running")].length > 0;

  const span = (className, text) => {
    const element = document.createElement("span");
    element.className = className;
    element.textContent = text;
    return element;
  };

  const row = (request) => {
    const link = document.createElement("a");
    link.href = `${base}request/${request.number}`;
    if (String(request.number) === current) link.setAttribute("aria-current", "page");
    link.append(
      span(`status ${request.class}`, request.status), " ",
      span("what", request.what), " ",
      span("time", request.time),
    );
    return link;
  };

  const tell = (text) => {
    if (list.lastElementChild?.className !== "note") {
      const note = document.createElement("p");
      note.className = "note";
      list.append(note);
    }
    list.lastElementChild.textContent = text;
  };

  const show = (document) => {
    revision = document.revision;
    list.replaceChildren(...document.requests.map(row));
    // The one that is shown was being answered, and now it is.
    const own = document.requests.find((request) => String(request.number) === current);
    if (waits && own && own.class !== "running") {
      waits = false;
      location.reload();
    }
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${base}requests.json?revision=${revision}`, { cache: "no-store" });
      if (answer.status === 200) show(await answer.json());
      else if (answer.status !== 204) tell("The program was started anew: open the toolbar again from a page of it.");
      else if (list.lastElementChild?.className === "note") list.lastElementChild.remove();
    } catch {
      tell("The program does not answer.");
    }
  };

  // Asked for, and not a stream: a program that is stopped has nothing to wait for, and a browser has few connections.
  setInterval(ask, 1000);
  document.addEventListener("visibilitychange", ask);
})();
