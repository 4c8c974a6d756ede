// The page: who is here, the list of their files, and what can be done with one.

import * as api from "./api.js";
import * as uploads from "./uploads.js";
import { announce, byId, distance, explain, h, icon, moment, parseTime, plural, problem, size, tell, toast } from "./view.js";

export { MESSAGES } from "./api.js";

const PAGE = 24;
const CATEGORIES = [["", "All"], ["image", "Images"], ["video", "Videos"], ["document", "Documents"]];
const PLAYED = new Set(["video/mp4", "video/quicktime"]);
// A picture is its own thumbnail, so a large one is only fetched when it is opened.
const LARGEST_THUMBNAIL = 8 * 1024 * 1024;
const KINDS = {
  "application/pdf": "PDF",
  "application/msword": "DOC",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
  "application/vnd.ms-excel": "XLS",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
  "video/x-msvideo": "AVI",
};

let files = [];
let category = "";
let cursor = null;
let totals = {};
let loading = new AbortController();
let merging = 0;
let expiring = 0;
let addresses = new Map();
let settings = { login: [] };

// ---- who is here

async function begin() {
  try {
    settings = await api.config();
  } catch (error) {
    byId("sign-in").hidden = false;
    tell(byId("sign-in-error"), error);
    return;
  }
  const users = settings.login;
  byId("sign-in-text").textContent = users.length
    ? "Pick who you want to be. This login is part of the demo on your own machine alone; in your application it is yours."
    : "Paste a token that your application’s own login made.";
  if (users.length) document.querySelector("[for=token]").textContent = "Or paste a token";
  byId("people").replaceChildren(...users.map(person));
  byId("accepted").textContent =
    `JPEG, PNG, GIF, WebP, MP4, QuickTime, AVI, PDF, Word and Excel; up to ${size(settings.max_bytes)} each`;
  uploads.start({ limit: settings.max_bytes, stored });
  api.user() ? enter() : leave();
}

function person({ user, admin }) {
  const text = h("span", {}, h("strong", {}, admin ? "Admin" : `User ${user}`), h("small", {}, admin ? "may open and delete everybody’s files" : "sees their own files alone"));
  const button = h("button", { type: "button", className: "person" }, icon(admin ? "shield" : "user"), text);
  button.onclick = async () => {
    try {
      await api.login(user);
      enter();
    } catch (error) {
      tell(byId("sign-in-error"), error);
    }
  };
  return button;
}

function enter() {
  const user = api.user();
  if (!user) {
    tell(byId("sign-in-error"), new Error("This is not a token: it has three parts with dots between them."));
    return;
  }
  tell(byId("sign-in-error"), null);
  byId("token").value = "";
  byId("who").textContent = user.admin ? "Admin" : `User ${user.id}`;
  byId("account").hidden = false;
  byId("sign-in").hidden = true;
  byId("files").hidden = false;
  byId("files-title").focus();
  const wanted = location.hash.slice(1);
  category = CATEGORIES.some(([name]) => name === wanted) ? wanted : "";
  load();
  count();
}

function leave(error) {
  api.setToken("");
  loading.abort();
  uploads.reset();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  [files, cursor, totals, addresses] = [[], null, {}, new Map()];
  byId("grid").replaceChildren();
  byId("toasts").replaceChildren();
  byId("account").hidden = true;
  byId("files").hidden = true;
  byId("sign-in").hidden = false;
  tell(byId("sign-in-error"), error);
  byId("sign-in-title").focus();
}

byId("sign-out").onclick = () => leave();
byId("token-form").onsubmit = (event) => {
  event.preventDefault();
  api.setToken(byId("token").value.trim());
  enter();
};

let countdown = 0;
api.listen({
  ended: () => leave(new api.ApiError("authentication_required")),
  waiting: (seconds) => {
    clearInterval(countdown);
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      byId("waiting").textContent = left > 0 ? `The server asks to wait; going on in ${left} s` : "";
      if (left <= 0) clearInterval(countdown);
    };
    tick();
    countdown = setInterval(tick, 1000);
  },
});

// ---- the list

async function load({ more = false } = {}) {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  filters();
  tell(byId("problem"), null);
  byId("empty").hidden = true;
  const grid = byId("grid");
  grid.setAttribute("aria-busy", "true");
  byId("more").disabled = true;
  if (!more) {
    [files, cursor] = [[], null];
    byId("shown").textContent = "";
    byId("more").hidden = true;
    grid.replaceChildren(...Array.from({ length: 8 }, () => h("li", { className: "card skeleton", "aria-hidden": "true" })));
  }
  try {
    const page = await api.list(category, PAGE, more ? cursor : null, signal);
    const first = files.length;
    if (!more) grid.replaceChildren();
    take(page.files.filter((file) => !files.some((known) => known.id === file.id)), "append");
    cursor = page.next_cursor;
    totals[category] = page.total;
    settle();
    if (more) grid.children[first]?.querySelector("button").focus();
    announce(`${plural(page.total, "file", "files")}, ${files.length} shown`);
  } catch (error) {
    if (signal.aborted) return;
    if (!more) grid.replaceChildren();
    const again = h("button", { type: "button", className: "small" }, "Try again");
    again.onclick = () => load({ more });
    byId("problem").replaceChildren(icon("alert"), problem(error), again);
    byId("problem").hidden = false;
  } finally {
    if (!signal.aborted) {
      grid.setAttribute("aria-busy", "false");
      byId("more").disabled = false;
    }
  }
}

async function count() {
  for (const [name] of CATEGORIES) {
    // The one that is shown comes with its files.
    if (name === category) continue;
    try {
      totals[name] = (await api.list(name, 1)).total;
    } catch {
      return;
    }
    filters();
  }
}

function filters() {
  const group = byId("filters");
  if (group.childElementCount === 0) {
    group.append(
      ...CATEGORIES.map(([name, label]) => {
        const button = h("button", { type: "button", value: name }, label, h("span", { className: "count" }));
        button.onclick = () => {
          category = name;
          history.replaceState(null, "", name ? `#${name}` : location.pathname);
          load();
        };
        return button;
      }),
    );
  }
  for (const button of group.children) {
    button.setAttribute("aria-pressed", String(button.value === category));
    button.querySelector(".count").textContent = totals[button.value]?.toLocaleString("en") ?? "";
  }
}

// What stands around the cards, after they have changed.
function settle() {
  const total = totals[category] ?? files.length;
  filters();
  byId("more").hidden = !cursor;
  byId("shown").textContent = files.length ? `${files.length} of ${plural(total, "file", "files")}` : "";
  const label = CATEGORIES.find(([name]) => name === category)[1].toLowerCase();
  byId("empty").hidden = files.length > 0 || cursor !== null;
  byId("empty-title").textContent = category ? `No ${label} yet` : "No files yet";
  byId("empty-text").textContent = category
    ? "What you upload of this kind appears here."
    : "Choose some, or drop them anywhere on this page.";
  watchTime();
}

function take(found, where) {
  found.forEach((file) => Object.assign(file, { uploaded: parseTime(file.uploaded_at), expires: parseTime(file.expires_at) }));
  files = where === "append" ? [...files, ...found] : [...found, ...files];
  byId("grid")[where](...found.map(card));
}

// An upload has ended. Its file is fetched with those that end at the same time.
function stored(answer) {
  for (const name of ["", answer.category]) {
    if (name in totals && name !== category) totals[name]++;
  }
  clearTimeout(merging);
  merging = setTimeout(merge, 300);
}

async function merge() {
  const { signal } = loading;
  try {
    const page = await api.list(category, PAGE, null, signal);
    const fresh = page.files.filter((file) => !files.some((known) => known.id === file.id));
    if (fresh.length === page.files.length && files.length > 0) {
      // There may be more of them than a page holds.
      byId("grid").replaceChildren();
      files = [];
    }
    if (files.length === 0) cursor = page.next_cursor;
    totals[category] = page.total;
    take(fresh, "prepend");
    settle();
  } catch (error) {
    if (!signal.aborted) toast(explain(error), "error");
  }
}

// Files whose time is over go; what is said of times is kept true.
function watchTime() {
  clearTimeout(expiring);
  const now = api.now();
  files.filter((file) => file.expires && file.expires <= now).forEach((file) => {
    forget(file);
    toast(`The time of “${file.original_filename}” was over.`);
  });
  for (const file of files) {
    const element = byId(`file-${file.id}`);
    element.querySelector(".age").textContent = distance(file.uploaded, now);
    if (file.expires) element.querySelector(".expiry span").textContent = `Ends ${distance(file.expires, now)}`;
  }
  const next = Math.min(...files.map((file) => file.expires ?? Infinity)) - now;
  if (files.length) expiring = setTimeout(watchTime, Math.max(50, Math.min(next, 30_000)));
}

function forget(file) {
  if (!files.includes(file)) return;
  const element = byId(`file-${file.id}`);
  const next = element.nextElementSibling ?? element.previousElementSibling;
  const held = element.contains(document.activeElement);
  files = files.filter((other) => other !== file);
  addresses.delete(file.id);
  element.remove();
  for (const name of ["", file.category]) if (totals[name] > 0) totals[name]--;
  if (held) (next?.querySelector("button") ?? byId("files-title")).focus();
  settle();
}

// ---- one file

// An address for an hour, asked for once.
async function address(file, disposition = "inline") {
  const kept = addresses.get(file.id) ?? {};
  addresses.set(file.id, kept);
  if (!kept[disposition] || kept[disposition].until < api.now() + 60_000) {
    const answer = api.presign(file.id, 1, disposition);
    kept[disposition] = { until: Infinity, answer };
    try {
      kept[disposition].until = parseTime((await answer).expires_at);
    } catch (error) {
      delete kept[disposition];
      throw error;
    }
  }
  return (await kept[disposition].answer).presigned_url;
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      target.show();
    }
  },
  { rootMargin: "200px" },
);

function card(file) {
  const name = file.original_filename;
  const kind = KINDS[file.content_type];
  const open = h("button", { type: "button", className: "preview", "aria-label": `Open ${name}` }, icon(file.category), kind ? h("span", { className: `kind ${kind.toLowerCase()}` }, kind) : null);
  open.onclick = () => view(file);
  const facts = h("p", { className: "facts" }, `${size(file.file_size)} · `, h("time", { className: "age", dateTime: `${file.uploaded_at}Z`, title: moment(file.uploaded) }));
  const element = h(
    "li",
    { id: `file-${file.id}`, className: `card ${file.category}` },
    open,
    h("div", { className: "text" },
      h("p", { className: "name", title: name, dir: "auto" }, name),
      facts,
      file.expires ? h("p", { className: "expiry", title: moment(file.expires) }, icon("clock"), h("span")) : null),
    h("div", { className: "actions" }, ...actions(file)),
  );
  open.show = () => thumbnail(file, open);
  if ((file.category === "image" && file.file_size <= LARGEST_THUMBNAIL) || PLAYED.has(file.content_type)) seen.observe(open);
  return element;
}

async function thumbnail(file, place) {
  try {
    const url = await address(file);
    const picture =
      file.category === "image"
        ? h("img", { alt: "", decoding: "async", src: url })
        : h("video", { muted: true, preload: "metadata", playsInline: true, tabIndex: -1, "aria-hidden": "true", src: `${url}#t=0.1` });
    picture.onerror = () => picture.remove();
    place.append(picture);
    if (file.category === "video") place.append(h("span", { className: "badge" }, icon("play")));
  } catch (error) {
    // The drawing stays, and opening the file tells why.
    if (error.code === "file_not_found") gone(file);
  }
}

function actions(file, close = () => {}) {
  const button = (name, label, act) => {
    const element = h("button", { type: "button", className: "tool", title: label, "aria-label": `${label}: ${file.original_filename}` }, icon(name), h("span", { className: "label" }, label));
    element.onclick = act;
    return element;
  };
  return [
    button("download", "Download", () => download(file)),
    button("link", "Copy link", () => share(file)),
    button("trash", "Delete", () => confirmDelete(file, close)),
  ];
}

function gone(file) {
  if (files.includes(file)) toast(`“${file.original_filename}”: ${explain(new api.ApiError("file_not_found"))}`, "error");
  forget(file);
}

function refused(file, error) {
  if (byId("viewer").open) {
    tell(byId("viewer-error"), error);
    if (error.code === "file_not_found") forget(file);
  } else if (error.code === "file_not_found") {
    gone(file);
  } else {
    toast(`“${file.original_filename}”: ${explain(error)}`, "error");
  }
}

async function download(file) {
  try {
    h("a", { href: await address(file, "attachment"), download: file.original_filename }).click();
  } catch (error) {
    refused(file, error);
  }
}

async function view(file) {
  const dialog = byId("viewer");
  const stage = byId("viewer-stage");
  byId("viewer-title").textContent = file.original_filename;
  byId("viewer-facts").textContent = `${size(file.file_size)} · uploaded ${moment(file.uploaded)}${file.expires ? ` · ends ${moment(file.expires)}` : ""}`;
  byId("viewer-actions").replaceChildren(...actions(file, () => dialog.close()));
  tell(byId("viewer-error"), null);
  stage.replaceChildren(h("p", { className: "loading", role: "status" }, "Loading…"));
  dialog.showModal();
  byId("viewer-title").focus();
  const shown = file.category === "image" || PLAYED.has(file.content_type) || file.content_type === "application/pdf";
  if (!shown) {
    stage.replaceChildren(h("div", { className: "none" }, icon(file.category), h("p", {}, "Browsers cannot show this kind of file. Download it to open it.")));
    return;
  }
  try {
    const url = await address(file);
    if (!dialog.open) return;
    stage.replaceChildren(player(file, url));
  } catch (error) {
    stage.replaceChildren();
    tell(byId("viewer-error"), error);
    if (error.code === "file_not_found") forget(file);
  }
}

function player(file, url) {
  const name = file.original_filename;
  // The address may have ended, or the file; the API tells which.
  const broken = async () => {
    addresses.delete(file.id);
    byId("viewer-stage").replaceChildren();
    try {
      await api.find(file.id);
      tell(byId("viewer-error"), new Error("The browser could not show this file. Download it to open it."));
    } catch (error) {
      tell(byId("viewer-error"), error);
      if (error.code === "file_not_found") forget(file);
    }
  };
  if (file.category === "image") return h("img", { src: url, alt: name, onerror: broken });
  if (file.category === "video") return h("video", { src: url, controls: true, playsInline: true, "aria-label": name, onerror: broken });
  return h("iframe", { src: url, title: name, referrerPolicy: "no-referrer" });
}

byId("viewer").onclose = () => byId("viewer-stage").replaceChildren();
byId("viewer-close").onclick = () => byId("viewer").close();

// ---- links and deletion

let subject = null;

function share(file) {
  subject = file;
  byId("share-name").textContent = file.original_filename;
  byId("link-made").hidden = true;
  byId("share-status").textContent = "";
  tell(byId("share-error"), null);
  byId("share").showModal();
  byId("life").focus();
}

byId("share-form").onsubmit = async (event) => {
  event.preventDefault();
  const hours = Number(byId("life").value);
  tell(byId("share-error"), null);
  byId("share-status").textContent = "Making the link…";
  try {
    const answer = await api.presign(subject.id, hours);
    const end = parseTime(answer.expires_at);
    const short = end < api.now() + hours * 3_600_000 - 60_000;
    byId("link").value = answer.presigned_url;
    byId("link-made").hidden = false;
    await copy(`The link works until ${moment(end)}${short ? ", when the file itself ends" : ""}.`);
  } catch (error) {
    byId("share-status").textContent = "";
    tell(byId("share-error"), error);
    if (error.code === "file_not_found") forget(subject);
  }
};

byId("copy-again").onclick = () => copy("");

async function copy(more) {
  try {
    await navigator.clipboard.writeText(byId("link").value);
    byId("share-status").textContent = `Copied. ${more}`;
  } catch {
    byId("link").select();
    byId("share-status").textContent = `Press Ctrl+C to copy the link. ${more}`;
  }
}

function confirmDelete(file, then) {
  subject = file;
  byId("confirm-text").textContent = `“${file.original_filename}” is deleted for good, and every link to it ends.`;
  tell(byId("confirm-error"), null);
  byId("confirm").showModal();
  byId("confirm-yes").onclick = async () => {
    byId("confirm-yes").disabled = true;
    try {
      await api.remove(file.id);
      deleted(file, then, `“${file.original_filename}” was deleted.`);
    } catch (error) {
      if (error.code === "file_not_found") {
        deleted(file, then, `“${file.original_filename}” had been deleted already.`);
      } else {
        tell(byId("confirm-error"), error);
      }
    } finally {
      byId("confirm-yes").disabled = false;
    }
  };
}

function deleted(file, then, text) {
  byId("confirm").close();
  then();
  forget(file);
  toast(text);
}

document.querySelectorAll("[data-close]").forEach((button) => (button.onclick = () => button.closest("dialog").close()));
document.querySelectorAll("dialog").forEach((dialog) =>
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()));

// ---- choosing and dropping

byId("more").onclick = () => load({ more: true });
byId("choose").onclick = () => byId("input").click();
byId("input").onchange = () => {
  put([...byId("input").files]);
  byId("input").value = "";
};

function put(chosen) {
  if (chosen.length) uploads.add(chosen, byId("hours").value);
}

let depth = 0;
const veil = (shown) => (byId("veil").hidden = !shown);
const carriesFiles = (event) => !byId("files").hidden && event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => carriesFiles(event) && veil(++depth > 0));
addEventListener("dragleave", (event) => carriesFiles(event) && veil(--depth > 0));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  depth = 0;
  veil(false);
  if (!carriesFiles(event)) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
  put(items.filter((item) => !folders.includes(item)).map((item) => item.getAsFile()).filter(Boolean));
  if (folders.length) toast("Folders cannot be dropped here: open them, and drop their files.", "error");
});

begin();
