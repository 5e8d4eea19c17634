// Who is signed in, which project and page are shown, and the frame around them.

import { api, get, part, whenReached, whenSignedOut } from "./api.js";
import { attempt, ask, button, field, fill, h, link, say, select, showOnce } from "./dom.js";
import { overview } from "./overview.js";
import { rooms } from "./rooms.js";
import { project } from "./projects.js";
import { webhooks } from "./webhooks.js";
import { agents } from "./agents.js";
import { audit, reports } from "./records.js";
import { explain } from "./explain.js";
import { people } from "./people.js";

const PAGES = [
  ["overview", "Overview", overview],
  ["rooms", "Rooms", rooms],
  ["explain", "Explain a delivery", explain],
  ["webhooks", "Webhooks", webhooks],
  ["agents", "Agents", agents],
  ["project", "Project and keys", project],
  ["people", "Export and erase", people],
  ["reports", "Reports", reports],
  ["audit", "Audit log", audit],
];

let session = null;
let projects = [];
let leaving = new AbortController();

whenSignedOut(() => {
  if (session) {
    session = null;
    say("Your session has ended: sign in again", true);
    signIn();
  }
});

const outage = h("p", { class: "outage", role: "status" });
whenReached((is) => {
  const text = is ? "" : "The server can’t be reached. What is shown is from before; it is being asked again.";
  if (outage.textContent !== text) outage.textContent = text;
});

async function begin() {
  try {
    session = await get("session");
  } catch (e) {
    say(e.message, true);
  }
  if (!session?.operator) return signIn();
  await loadProjects();
  show();
}

async function loadProjects() {
  projects = (await get("projects")).projects;
}

function signIn() {
  leaving.abort();
  document.title = "Sign in · Fluxy console";
  const name = h("input", { type: "text", autocomplete: "username", required: true, maxlength: 64 });
  const credential = h("input", {
    type: "password",
    autocomplete: "current-password",
    required: true,
    maxlength: 256,
  });
  const go = h("button", { type: "submit", class: "primary wide" }, "Sign in");
  const wrong = h("p", { class: "wrong", role: "alert" });
  const form = h(
    "form",
    {
      class: "card signin",
      onsubmit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        wrong.textContent = "";
        try {
          await api("POST", "session", { name: name.value, credential: credential.value });
          session = await get("session");
          if (!session.operator) {
            session = null;
            throw new Error(
              "The browser did not keep the session. Open the console by https, or on this machine.",
            );
          }
          await loadProjects();
          show();
        } catch (e) {
          wrong.textContent = e.message;
          credential.value = "";
          credential.focus();
        } finally {
          go.disabled = false;
        }
      },
    },
    h("h1", {}, mark(), "Fluxy console"),
    field("Operator", name),
    field("Credential", credential),
    wrong,
    go,
  );
  fill(document.body, h("main", { class: "center" }, form), outage);
  name.focus();
}

const mark = () => h("img", { src: "icon.svg", alt: "", width: "24", height: "24" });

/** What the address says: project, page and the rest. */
function place() {
  const words = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  const known = projects.find((each) => each.id === words[0]);
  const page = PAGES.find(([word]) => word === words[1]);
  return {
    project: known?.id ?? (words[0] ? words[0] : projects[0]?.id),
    isKnown: Boolean(known) || !words[0],
    page: page ?? PAGES[0],
    rest: words.slice(2),
  };
}

function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function show() {
  leaving.abort();
  leaving = new AbortController();
  const here = place();
  const [word, title, page] = here.page;
  document.title = `${title} · ${here.project ?? ""} · Fluxy console`;
  const main = h("main", { id: "main", tabindex: "-1" });
  const switcher = select(
    projects.map((each) => [each.id, each.name === each.id ? each.id : `${each.name} (${each.id})`]),
    here.project,
    { "aria-label": "Project", onchange: (event) => (location.hash = `/${part(event.target.value)}/${word}`) },
  );
  fill(
    document.body,
    h("a", { class: "skip", href: "#main", onclick: skip }, "Skip to the page"),
    h(
      "header",
      { class: "top" },
      h("span", { class: "brand" }, mark(), h("span", {}, "Fluxy console")),
      projects.length > 1 || session.all
        ? h("span", { class: "row" }, switcher, session.all && button("New project", create))
        : h("span", { class: "muted" }, projects[0]?.name),
      h("span", { class: "row who" }, h("span", { class: "muted" }, session.operator), button("Sign out", signOut)),
    ),
    h(
      "nav",
      { "aria-label": "Pages" },
      PAGES.map(([each, label]) => {
        const a = link([here.project ?? "", each], label);
        if (each === word) a.setAttribute("aria-current", "page");
        return a;
      }),
    ),
    main,
    outage,
  );
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (!here.project) {
    fill(main, h("h1", {}, "No projects"), h("p", { class: "empty" }, "There is no project yet."));
    return;
  }
  const context = {
    project: here.project,
    base: `projects/${part(here.project)}/`,
    chat: `projects/${part(here.project)}/chat/`,
    rest: here.rest,
    all: session.all,
    signal: leaving.signal,
    go: (...words) => (location.hash = "/" + words.map(part).join("/")),
    reloadProjects: async () => {
      await loadProjects();
      show();
    },
  };
  fill(main, h("h1", {}, title), h("p", { class: "muted" }, "Loading…"));
  Promise.resolve(page(context, main)).catch((e) => {
    if (!context.signal.aborted) {
      fill(main, h("h1", {}, title), h("p", { class: "wrong", role: "alert" }, e.message));
    }
  });
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

async function create() {
  const name = h("input", { type: "text", required: true, maxlength: 256 });
  const words = await ask({
    title: "New project",
    fields: [field("Name", name)],
    action: "Make it",
    read: () => name.value,
  });
  if (!words) return;
  await attempt(async () => {
    const made = await api("POST", "projects", { name: words });
    await loadProjects();
    await showOnce("The project's API key", made.apiKey, "It is shown only now. Keep it where your server finds it.");
    location.hash = `/${part(made.id)}/project`;
  });
}

async function signOut() {
  await attempt(() => api("DELETE", "session"));
  session = null;
  signIn();
}

window.addEventListener("hashchange", () => {
  if (session) {
    show();
    document.getElementById("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
});
begin();
