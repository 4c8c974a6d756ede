// Elements, words and numbers.

// An element with properties, attributes where a name has a hyphen or is `role`, listeners (`onclick`) and children.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.includes("-") || name === "role" || name === "for") {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A drawing out of the sheet in the page.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

export function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let power = 0;
  let number = bytes;
  for (; number >= 1024 && power < units.length - 1; power++) number /= 1024;
  const digits = power === 0 || number >= 100 ? 0 : 1;
  return `${number.toLocaleString("en", { maximumFractionDigits: digits })} ${bytes === 1 ? "byte" : units[power]}`;
}

const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

// "3 hours ago", "in 2 days"; days give way to the date after a week.
export function distance(time, now) {
  // What lies ahead is rounded: three days are three days also a second later.
  const seconds = (time - now) / 1000 + (time > now ? 30 : 0);
  if (Math.abs(seconds) > 7 * 86400) return absolute.format(time);
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  if (step) return relative.format(Math.trunc(seconds / step[1]), step[0]);
  return time > now ? "in less than a minute" : "just now";
}

export const moment = (time) => absolute.format(time);

// Times of the API are UTC without a zone.
export const parseTime = (text) => (text ? Date.parse(`${text}Z`) : null);

export const plural = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

// Says something to who listens to the page.
export function announce(text) {
  byId("live").textContent = text;
}

// Shows something that passes by itself; errors stay until they are put away.
export function toast(text, kind = "done") {
  const box = h("div", { className: `toast ${kind}` }, icon(kind === "error" ? "alert" : "check"), h("p", {}, text));
  const close = h("button", { type: "button", className: "quiet", "aria-label": "Dismiss message" }, icon("close"));
  close.onclick = () => box.remove();
  box.append(close);
  byId("toasts").append(box);
  if (kind !== "error") setTimeout(() => box.remove(), 6000);
  return box;
}

// What an error is, and what the server said of it, in a line.
export const explain = (error) => [error.message, error.detail].filter(Boolean).join(" ");

// Puts an error into a place of its own within a dialog or the page, or takes it away.
export function tell(place, error) {
  place.hidden = !error;
  place.replaceChildren(...(error ? [icon("alert"), problem(error)] : []));
}

export const problem = (error) =>
  h(
    "span",
    {},
    explain(error),
    error.requestId && error.status >= 500 ? h("span", { className: "reference" }, ` Reference: ${error.requestId}`) : null,
  );
