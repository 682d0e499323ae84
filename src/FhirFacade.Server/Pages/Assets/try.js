// The form that asks the API from the page. Whatever comes back is shown as text, never as markup.
const $ = (id) => document.getElementById(`try-${id}`);
const form = $("form");
const { base, token: tokenEndpoint } = form.dataset;
const HIGHLIGHTED = 400_000; // longer answers are shown in one colour

let statement;   // of the API, once it has been asked for
let links = {};  // of the last answer

const resourceOf = (type) => statement?.rest[0].resource.find((resource) => resource.type === type);
const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });

const writing = {
  token: "code, or system|code",
  string: "the beginning of a word",
  date: "2024-05, or with a prefix: ge2024-05-06",
  number: "a number, or with a prefix: gt0.5",
  quantity: "a number, or gt5.4|http://unitsofmeasure.org|mg",
  reference: "an id, or Type/id",
  uri: "the whole address",
  composite: "the values of its parts with $ between them",
};
const results = { _count: "resources a page", _sort: "parameters, with - for descending", _include: "type:parameter", _revinclude: "type:parameter", _summary: "true, text, data, count", _elements: "names of elements", _total: "accurate, estimate or none" };

function parametersOfType() {
  return resourceOf($("type").value)?.searchParam ?? [];
}

function addRow(name = "", value = "") {
  const row = $("row").content.firstElementChild.cloneNode(true);
  const number = addRow.count = (addRow.count ?? 0) + 1;
  const [nameInput, valueInput] = row.querySelectorAll("input");
  const [nameLabel, valueLabel] = row.querySelectorAll("label");
  const hint = row.querySelector(".hint");
  [nameInput.id, valueInput.id, hint.id] = [`try-name-${number}`, `try-value-${number}`, `try-hint-${number}`];
  [nameLabel.htmlFor, valueLabel.htmlFor] = [nameInput.id, valueInput.id];
  valueInput.setAttribute("aria-describedby", hint.id);
  [nameInput.value, valueInput.value] = [name, value];
  row.querySelector("button").setAttribute("aria-label", `Remove parameter ${number}`);
  row.querySelector("button").addEventListener("click", () => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") ?? $("add")).focus();
    preview();
  });
  $("rows").append(row);
  hints();
  return nameInput;
}

function hints() {
  for (const row of $("rows").children) {
    const [name] = row.querySelectorAll("input");
    const code = name.value.split(":")[0];
    const type = parametersOfType().find((parameter) => parameter.name === code)?.type;
    row.querySelector(".hint").textContent = results[code] ?? (type ? `${type}: ${writing[type] ?? ""}` : "");
  }
}

function names() {
  const options = [...parametersOfType().map((parameter) => parameter.name), ...Object.keys(results)].map((value) => Object.assign(document.createElement("option"), { value }));
  $("names").replaceChildren(...options);
  hints();
}

function path() {
  const [what, type, id] = [$("what").value, $("type").value, encodeURIComponent($("id").value.trim())];
  const pairs = [...$("rows").children].map((row) => [...row.querySelectorAll("input")].map((input) => input.value.trim())).filter(([name]) => name);
  const query = pairs.map((pair) => pair.map((text) => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7C", "|")).join("=")).join("&");
  const address = { search: type, read: `${type}/${id}`, history: `${type}/${id}/_history`, everything: `${type}/${id}/$everything` }[what];
  return query ? `${address}?${query}` : address;
}

const isUsable = (type, what) => what !== "everything" || type === "Patient" || type === "Encounter";

function preview() {
  const isSearch = $("what").value === "search";
  $("id-field").hidden = isSearch;
  $("id").required = !isSearch;
  for (const option of $("type").options) option.disabled = !isUsable(option.value, $("what").value);
  if (!isUsable($("type").value, $("what").value)) { $("type").value = "Patient"; names(); }
  $("request").textContent = `GET ${base}/${path()}`;
  $("curl").textContent = `curl -H 'Authorization: Bearer ${$("token").value.trim() || "TOKEN"}' '${new URL(`${base}/${path()}`, location.href).href}'`;
}

const words = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const relative = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}(\/_history\/\d+)?$/;

// What leads on within this API; null for any other text.
function target(text) {
  const absolute = new URL(`${base}/`, location.href).href;
  const rest = text.startsWith(absolute) ? text.slice(absolute.length) : statement && text.startsWith(`${statement.implementation.url}/`) ? text.slice(statement.implementation.url.length + 1) : text;
  return rest !== text || relative.test(rest) ? rest : null;
}

function show(text) {
  if (text.length > HIGHLIGHTED) { $("body").textContent = text; return; }
  const parts = document.createDocumentFragment();
  let done = 0;
  for (const match of text.matchAll(words)) {
    parts.append(text.slice(done, match.index));
    done = match.index + match[0].length;
    if (match[2] !== undefined) {
      parts.append(element("span", "json-name", match[1]), match[2]);
    } else if (match[1] !== undefined) {
      const value = JSON.parse(match[1]);
      const leads = target(value);
      const part = element(leads ? "a" : "span", "json-text", match[1]);
      if (leads) {
        part.href = "#try-answer";
        part.addEventListener("click", (event) => { event.preventDefault(); ask(leads); });
      }
      parts.append(part);
    } else {
      parts.append(element("span", /^[tfn]/.test(match[0]) ? "json-word" : "json-number", match[0]));
    }
  }
  parts.append(text.slice(done));
  $("body").replaceChildren(parts);
}

// JSON with indentation, every number as it came: parsing would lose the zeros of 13.50.
function pretty(text) {
  let [depth, result, done] = [0, "", 0];
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const word = match[0];
    if (word === "}" || word === "]") {
      depth--;
      result += "{[".includes(done) ? word : `\n${"  ".repeat(depth)}${word}`;
    } else {
      if (done === "," || done === "{" || done === "[") result += `\n${"  ".repeat(depth)}`;
      result += word === ":" ? ": " : word;
      if (word === "{" || word === "[") depth++;
    }
    done = word;
  }
  return result;
}

async function ask(relativePath) {
  const token = $("token").value.trim();
  $("answer").hidden = false;
  $("send").disabled = true;
  $("status").textContent = "Asking…";
  const started = performance.now();
  try {
    const answer = await fetch(`${base}/${relativePath}`, { headers: { Accept: "application/fhir+json", ...(token && { Authorization: `Bearer ${token}` }) }, cache: "no-store", credentials: "omit" });
    const text = await answer.text();
    const took = Math.round(performance.now() - started);
    $("status").replaceChildren(element("span", `tag ${answer.ok ? "good" : "bad"}`, `${answer.status} ${answer.statusText}`), ` GET ${base}/${relativePath} · ${took} ms · ${text.length.toLocaleString("en")} characters`);
    const isJson = /json/.test(answer.headers.get("Content-Type") ?? "");
    show(isJson ? pretty(text) : text);
    links = isJson ? Object.fromEntries((JSON.parse(text).link ?? []).map((link) => [link.relation, target(link.url)])) : {};
  } catch {
    $("status").textContent = "The server did not answer.";
    $("body").replaceChildren();
    links = {};
  }
  for (const button of $("pages").querySelectorAll("button")) button.hidden = !links[button.dataset.relation];
  $("pages").hidden = !links.next && !links.previous;
  $("send").disabled = false;
}

async function demoToken() {
  const answer = await fetch(tokenEndpoint, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa("demo:demo-secret")}`, "Content-Type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials&scope=system/*.rs",
    credentials: "omit",
  });
  $("token").value = (await answer.json()).access_token ?? "";
  preview();
}

form.hidden = false;
form.addEventListener("submit", (event) => { event.preventDefault(); ask(path()); });
form.addEventListener("input", () => { hints(); preview(); });
$("type").addEventListener("change", () => { names(); preview(); });
$("add").addEventListener("click", () => { addRow().focus(); preview(); });
$("demo")?.addEventListener("click", demoToken);
$("pages").addEventListener("click", (event) => { const to = links[event.target.dataset.relation]; if (to) ask(to); });
addRow("_count", "10");
preview();
statement = await (await fetch(`${base}/metadata?_format=json`)).json();
names();
