// Calls of the API: the token, errors in words for people, and the waiting that the server asks for.

const BASE = "/api/files";
const TOKEN = "filestore.token";
const LONGEST_WAITS = 5;

// What each code means to whoever looks at the page. `told`: whether the server's own message helps them.
// `again`: whether the very same request may succeed later.
export const MESSAGES = {
  file_size_exceeds_limit: { text: "This file is too large.", told: true },
  file_type_not_allowed: { text: "Files of this type are not accepted.", told: true },
  file_is_empty: { text: "This file is empty." },
  too_many_files: { text: "You have as many files as you may keep. Delete some, then try again.", told: true, again: true },
  file_is_infected: { text: "This file was refused: malware was found in it.", told: true },
  no_file_provided: { text: "No file arrived. Choose it once more." },
  invalid_request: { text: "The server could not make sense of the request.", told: true, again: true },
  authentication_required: { text: "Your session has ended. Sign in again." },
  not_authorized: { text: "This file is not yours, or the link to it has ended." },
  file_not_found: { text: "This file is gone: it was deleted, or its time was over." },
  method_not_allowed: { text: "The server does not offer this.", told: true },
  precondition_failed: { text: "The file has changed in the meantime. Load the list again." },
  range_not_satisfiable: { text: "This part of the file does not exist." },
  too_many_requests: { text: "That was a bit fast for the server. Try again in a moment.", again: true },
  not_supported: { text: "The server makes no links to files." },
  s3_error: { text: "The server has trouble with its storage. Nothing was changed that you need to repair; try again.", again: true },
  service_unavailable: { text: "The server is busy right now. Try again in a moment.", again: true },
  shutting_down: { text: "The server is being restarted. Try again in a moment.", again: true },
  network: { text: "The server cannot be reached. Check your connection, then try again.", again: true },
  unknown: { text: "Something went wrong that has no name. Try again.", told: true, again: true },
};

// An answer other than the one that was hoped for.
export class ApiError extends Error {
  constructor(code, detail = "", { status = 0, retryAfter = 0, requestId = "" } = {}) {
    const known = MESSAGES[code] ?? MESSAGES.unknown;
    super(known.text);
    this.code = code;
    this.detail = known.told ? detail : "";
    this.again = known.again === true;
    this.status = status;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }

  // From a status, a body, and a function that gives a header field.
  static of(status, body, field) {
    const seconds = Number(field("Retry-After"));
    return new ApiError(body?.code ?? "unknown", body?.message ?? `The answer was ${status}.`, {
      status,
      retryAfter: seconds > 0 ? seconds : 0,
      requestId: body?.request_id ?? field("X-Request-Id") ?? "",
    });
  }
}

let token = sessionStorage.getItem(TOKEN) ?? "";
let ahead = 0;
let onEnd = () => {};
let onWait = () => {};

// The token lives as long as the tab, and no longer.
export function setToken(value) {
  token = value;
  if (value) {
    sessionStorage.setItem(TOKEN, value);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
}

// Who the token says one is, or null. Only the server knows whether it is genuine.
export function user() {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    return { id: claims.sub, admin: [claims.role].flat().includes("admin") };
  } catch {
    return null;
  }
}

export const bearer = () => `Bearer ${token}`;
export const uploadAddress = `${BASE}/upload`;

// `ended` is called when the token is no longer good, `waiting` with the seconds before a call goes on.
export function listen({ ended, waiting }) {
  onEnd = ended;
  onWait = waiting;
}

export function failed(error) {
  if (error.code === "authentication_required") {
    onEnd();
  }
  return error;
}

// The server's time in milliseconds, as far as its answers tell.
export const now = () => Date.now() + ahead;

export function readTime(field) {
  const date = Date.parse(field("Date") ?? "");
  // Its seconds are whole: half of one is the best guess at the rest.
  const difference = date + 500 - Date.now();
  ahead = Math.abs(difference) > 2000 ? difference : 0;
}

export const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function once(path, { method = "GET", json, signal } = {}) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: { Authorization: bearer(), ...(json && { "Content-Type": "application/json" }) },
      body: json && JSON.stringify(json),
      signal,
    });
  } catch (cause) {
    throw signal?.aborted ? cause : new ApiError("network");
  }
  const field = (name) => response.headers.get(name);
  const body = await response.json().catch(() => null);
  readTime(field);
  if (!response.ok || !body) {
    throw ApiError.of(response.status, body, field);
  }
  return body;
}

// Sends a request; where the server says when to come back, waits that long and sends it again.
export async function call(path, options = {}) {
  for (let waits = 0; ; waits++) {
    try {
      return await once(path, options);
    } catch (error) {
      if (!error.retryAfter || waits === LONGEST_WAITS || options.signal?.aborted) {
        throw error instanceof ApiError ? failed(error) : error;
      }
      onWait(error.retryAfter);
      await sleep(error.retryAfter);
    }
  }
}

export const list = (category, limit, cursor, signal) => {
  const query = new URLSearchParams({ limit });
  if (category) query.set("category", category);
  if (cursor) query.set("cursor", cursor);
  return call(`?${query}`, { signal });
};
export const find = (id) => call(`/${id}`);
export const remove = (id) => call(`/${id}`, { method: "DELETE" });
export const presign = (id, hours, disposition) =>
  call("/presigned-url", { method: "POST", json: { file_id: id, expiration_hours: hours, disposition } });

export async function config() {
  try {
    return await (await fetch("/page/config.json")).json();
  } catch {
    throw new ApiError("network");
  }
}

// The demo's own login, where it has one.
export async function login(id) {
  let response;
  try {
    response = await fetch(`/login/${id}`, { method: "POST" });
  } catch {
    throw new ApiError("network");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || !body) {
    throw ApiError.of(response.status, body, (name) => response.headers.get(name));
  }
  setToken(body.token);
}
