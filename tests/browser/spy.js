// Sits between the app and the network, and watches what comes into the document. Injected before the app starts.
{
  const spy = {
    // Every request: {method, path, token, status}; status is null until it is answered, 0 if it failed.
    requests: [],
    // The test ids of everything that was ever in the document.
    seen: [],
    // {token, expired}: the server is sent the second instead of the first.
    stale: null,
    // "METHOD /part/of/path": such requests fail as they do without a network. "*" is any method.
    broken: null,
    // "METHOD /part/of/path": such requests wait until this is null again.
    held: null,
  };
  const matches = (pattern, method, path) => {
    if (!pattern) return false;
    const [wanted, part] = pattern.split(" ");
    return (wanted === "*" || method === wanted) && path.includes(part);
  };
  const send = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    let request = new Request(input, init);
    const path = new URL(request.url).pathname;
    const token = request.headers.get("Authorization")?.replace("Bearer ", "") ?? null;
    const entry = { method: request.method, path, token, status: null };
    spy.requests.push(entry);
    while (matches(spy.held, request.method, path)) await new Promise(requestAnimationFrame);
    if (matches(spy.broken, request.method, path)) {
      entry.status = 0;
      throw new TypeError("Failed to fetch");
    }
    if (spy.stale && token === spy.stale.token) {
      const headers = new Headers(request.headers);
      headers.set("Authorization", `Bearer ${spy.stale.expired}`);
      request = new Request(request, { headers });
    }
    try {
      const response = await send(request);
      entry.status = response.status;
      return response;
    } catch (error) {
      entry.status = 0;
      throw error;
    }
  };
  // What tells how far it is goes another way than the rest, and is treated alike.
  const { open, setRequestHeader, send: upload } = XMLHttpRequest.prototype;
  Object.assign(XMLHttpRequest.prototype, {
    open(method, url) {
      this.spied = { method, path: new URL(url, location).pathname, token: null, status: null };
      // Before the app itself listens, which may be done with it then.
      this.addEventListener("load", () => (this.spied.status = this.status));
      open.call(this, method, url, true);
    },
    setRequestHeader(name, value) {
      if (name === "Authorization") {
        this.spied.token = value.replace("Bearer ", "");
        if (this.spied.token === spy.stale?.token) value = `Bearer ${spy.stale.expired}`;
      }
      setRequestHeader.call(this, name, value);
    },
    async send(body) {
      const { method, path } = this.spied;
      spy.requests.push(this.spied);
      while (matches(spy.held, method, path)) await new Promise(requestAnimationFrame);
      if (matches(spy.broken, method, path)) {
        this.spied.status = 0;
        this.dispatchEvent(new ProgressEvent("error"));
        return;
      }
      upload.call(this, body);
    },
  });
  const note = (element) => {
    const id = element.dataset?.testid;
    if (id && !spy.seen.includes(id)) spy.seen.push(id);
  };
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node instanceof Element) {
          note(node);
          node.querySelectorAll("[data-testid]").forEach(note);
        }
  }).observe(document, { childList: true, subtree: true });
  window.spy = spy;
}
