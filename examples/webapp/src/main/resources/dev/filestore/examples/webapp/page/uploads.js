// The queue of uploads: a few at once, each with its progress, its end and its second chance.

import { ApiError, bearer, failed, readTime, uploadAddress } from "./api.js";
import { announce, byId, explain, h, icon, plural, size } from "./view.js";

const AT_ONCE = 3;
const ENDED = new Set(["done", "failed", "cancelled"]);

let items = [];
let started = 0;
let pausedUntil = 0;
let pause = 0;
let maxBytes = Infinity;
let onStored = () => {};

export function start({ limit, stored }) {
  maxBytes = limit ?? Infinity;
  onStored = stored;
  byId("clear-uploads").onclick = () => {
    items.filter((item) => ENDED.has(item.state)).forEach(drop);
    summarise();
    byId("choose").focus();
  };
  addEventListener("beforeunload", (event) => {
    if (items.some((item) => !ENDED.has(item.state))) event.preventDefault();
  });
}

// Ends what runs and forgets the rest: somebody else comes.
export function reset() {
  items.forEach((item) => item.request?.abort());
  items = [];
  pausedUntil = 0;
  byId("upload-list").replaceChildren();
  summarise();
}

export function add(files, hours) {
  for (const file of files) {
    const item = { file, hours, state: "queued", sent: 0 };
    draw(item);
    items.push(item);
    if (file.size > maxBytes) {
      const found = size(file.size) === size(maxBytes) ? "a little more than that" : size(file.size);
      fail(item, new ApiError("file_size_exceeds_limit", `At most ${size(maxBytes)} are accepted, and it has ${found}.`));
    }
  }
  announce(`${plural(files.length, "file", "files")} waiting to be uploaded`);
  pump();
}

function pump() {
  const wait = pausedUntil - Date.now();
  clearTimeout(pause);
  const waiting = items.filter((item) => item.state === "queued");
  if (wait > 0 && waiting.length > 0) {
    waiting.forEach((item) => show(item, `Waiting: the server takes more in ${Math.ceil(wait / 1000)} s`));
    pause = setTimeout(pump, Math.min(wait, 1000));
  } else {
    const free = AT_ONCE - running();
    waiting.slice(0, Math.max(0, free)).forEach(send);
    waiting.slice(Math.max(0, free)).forEach((item) => show(item, "Waiting"));
  }
  summarise();
}

const running = () => items.filter((item) => item.state === "sending").length;

function send(item) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  if (item.hours) form.append("expires_in_hours", item.hours);
  form.append("file", item.file);
  item.request = request;
  item.state = "sending";
  item.turn = ++started;
  item.sent = 0;
  show(item, "Starting");
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    item.sent = event.loaded / event.total;
    show(item, item.sent < 1 ? `${Math.floor(item.sent * 100)}% of ${size(item.file.size)}` : "Almost there");
  };
  request.onload = () => answered(item, request);
  request.onerror = () => fail(item, new ApiError("network"));
  request.onabort = () => end(item, "cancelled", "Cancelled; nothing was stored");
  request.open("POST", uploadAddress);
  request.setRequestHeader("Authorization", bearer());
  request.responseType = "json";
  request.send(form);
}

function answered(item, request) {
  const field = (name) => request.getResponseHeader(name);
  readTime(field);
  if (request.status === 201 && request.response) {
    holdBack(item, field);
    end(item, "done", `Uploaded, ${size(request.response.size)}`);
    onStored(request.response);
    return;
  }
  const error = ApiError.of(request.status, request.response, field);
  if (error.retryAfter) {
    // Not a failure: it has its turn when the server says so.
    pausedUntil = Math.max(pausedUntil, Date.now() + error.retryAfter * 1000);
    item.state = "queued";
    announce(`The server asks to wait ${plural(error.retryAfter, "second", "seconds")}`);
    pump();
    return;
  }
  failed(error);
  fail(item, error);
}

// Where nothing is left of the limit, the next one waits until there is: it would only be refused.
function holdBack(item, field) {
  const remaining = field("RateLimit-Remaining");
  if (remaining === null) return;
  // Those that were sent later are on their way, and not yet counted.
  const later = items.filter((other) => other.state === "sending" && other.turn > item.turn).length;
  if (Number(remaining) <= later) {
    pausedUntil = Math.max(pausedUntil, Date.now() + Number(field("RateLimit-Reset")) * 1000);
  }
}

function fail(item, error) {
  item.error = error;
  end(item, "failed", explain(error));
}

function end(item, state, text) {
  item.state = state;
  item.request = null;
  show(item, text);
  if (state === "failed") announce(`${item.file.name}: ${text}`);
  if (items.every((other) => ENDED.has(other.state))) {
    announce(`${summary()}${state === "failed" ? `. ${item.file.name}: ${text}` : ""}`);
  }
  pump();
}

function drop(item) {
  items = items.filter((other) => other !== item);
  item.row.remove();
}

function draw(item) {
  const name = item.file.name;
  item.bar = h("progress", { max: 1, value: 0, "aria-label": `Upload of ${name}` });
  item.status = h("p", { className: "status" });
  item.cancel = h("button", { type: "button", className: "small", "aria-label": `Cancel upload of ${name}` }, "Cancel");
  item.retry = h("button", { type: "button", className: "small", "aria-label": `Retry upload of ${name}` }, "Retry");
  item.dismiss = h("button", { type: "button", className: "quiet", "aria-label": `Dismiss ${name}` }, icon("close"));
  item.mark = h("span", { className: "mark" });
  item.row = h(
    "li",
    {},
    item.mark,
    h("div", { className: "what" }, h("p", { className: "name", title: name }, name), item.bar, item.status),
    h("div", { className: "actions" }, item.cancel, item.retry, item.dismiss),
  );
  item.cancel.onclick = () => {
    if (item.request) {
      item.request.abort();
    } else {
      end(item, "cancelled", "Cancelled; nothing was stored");
    }
    item.retry.focus();
  };
  item.retry.onclick = () => {
    item.state = "queued";
    pump();
    item.cancel.focus();
  };
  item.dismiss.onclick = () => {
    const next = item.row.nextElementSibling ?? item.row.previousElementSibling;
    drop(item);
    summarise();
    (next?.querySelector("button:not([hidden])") ?? byId("choose")).focus();
  };
  byId("upload-list").append(item.row);
  show(item, "Waiting");
}

const MARKS = { queued: "clock", sending: "upload", done: "check", failed: "alert", cancelled: "close" };

function show(item, text) {
  const over = ENDED.has(item.state);
  item.row.dataset.state = item.state;
  if (item.mark.dataset.icon !== item.state) {
    item.mark.dataset.icon = item.state;
    item.mark.replaceChildren(icon(MARKS[item.state]));
  }
  item.bar.hidden = over || item.state === "queued";
  item.bar.value = item.sent;
  item.status.textContent = text;
  // When all is sent the server may have it: there is nothing left to cancel.
  item.cancel.hidden = over || (item.state === "sending" && item.sent >= 1);
  item.retry.hidden = !(item.state === "cancelled" || (item.state === "failed" && item.error.again));
  item.dismiss.hidden = !over;
}

function summary() {
  const count = (state) => items.filter((item) => item.state === state).length;
  const parts = [`${count("done")} of ${plural(items.length, "file", "files")} uploaded`];
  if (count("failed")) parts.push(`${count("failed")} refused or failed`);
  if (count("cancelled")) parts.push(`${count("cancelled")} cancelled`);
  return parts.join(", ");
}

function summarise() {
  byId("uploads").hidden = items.length === 0;
  byId("upload-summary").textContent = summary();
  byId("clear-uploads").hidden = !items.some((item) => ENDED.has(item.state));
}
