// Refreshes the page that it stands in when there is a newer version of it. `serve --reload` puts it there.
(() => {
  "use strict";
  const script = document.currentScript;
  const address = new URL(script.src);
  let version = address.searchParams.get("version");
  address.pathname = address.pathname.replace(/\.js$/, "");
  let events = null;
  let wait = 500;

  const close = () => {
    if (events) events.close();
    events = null;
  };

  const open = () => {
    if (events || document.hidden) return;
    address.searchParams.set("version", version);
    events = new EventSource(address);
    events.onopen = () => { wait = 500; };
    events.addEventListener("page", (event) => refresh(event.data));
    events.addEventListener("style", (event) => {
      version = event.data;
      restyle();
    });
    events.onerror = () => {
      // While it connects again by itself there is nothing to do. It has given up where the answer was another one.
      if (events && events.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, wait);
        wait = Math.min(wait * 2, 30000);
      }
    };
  };

  const refresh = (newest) => {
    close();
    // A page that comes as it was before, out of some cache, is refreshed a few times and not for ever.
    const step = `${location.href} ${version} ${newest}`;
    let times = 0;
    try {
      const before = JSON.parse(sessionStorage.getItem("aiopyramid_reload"));
      if (before && before.step === step) times = before.times;
      if (times > 4) return;
      sessionStorage.setItem("aiopyramid_reload", JSON.stringify({ step, times: times + 1 }));
    } catch {
      // A page that may keep nothing.
    }
    setTimeout(() => location.reload(), times * 400);
  };

  const restyle = () => {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"][href]')) {
      const href = new URL(link.href, location.href);
      if (href.origin !== location.origin) continue;
      href.searchParams.set("_reload", version);
      const next = link.cloneNode();
      next.href = href.href;
      // The old one stays until the new one is there, so that the page is never without.
      next.onload = () => link.remove();
      next.onerror = () => next.remove();
      link.after(next);
    }
  };

  // A browser opens few connections to a server: pages that nobody sees leave theirs to others.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();

  const dismiss = document.getElementById("dismiss");
  if (dismiss && script.dataset.cookie) {
    dismiss.hidden = false;
    dismiss.addEventListener("click", () => {
      document.cookie = `${script.dataset.cookie}=${version}; path=/; SameSite=Strict`;
      location.reload();
    });
  }
})();
