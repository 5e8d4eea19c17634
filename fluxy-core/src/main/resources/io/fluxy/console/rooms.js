// Rooms: found, and one of them looked into.

import { api, every, get, part } from "./api.js";
import { ask, attempt, badge, button, card, changes, field, fill, h, link, number, select, table, time } from "./dom.js";
import { timeline } from "./timeline.js";

export async function rooms(context, main) {
  return context.rest[0] ? room(context, main, context.rest[0]) : list(context, main);
}

async function list(context, main) {
  const found = h("div", { "aria-live": "polite" });
  const search = h("input", {
    type: "search",
    placeholder: "Id or name",
    "aria-label": "Search rooms by id or name",
    maxlength: 200,
  });
  const more = button("More rooms", () => load(next), "wide");
  let shown = [];
  let next = null;
  let asked = 0;

  const load = (before) => attempt(() => fetchPage(before));

  async function fetchPage(before) {
    const mine = ++asked;
    const query = `search=${part(search.value.trim())}` + (before ? `&before=${before}` : "");
    const page = await get(`${context.base}rooms?${query}`);
    if (mine !== asked) return; // something else is searched for by now
    shown = before ? [...shown, ...page.rooms] : page.rooms;
    next = page.next ?? null;
    draw();
  }

  function draw() {
    fill(
      found,
      table(
        ["Room", "Name", "Type", "Number", "Made"],
        shown.map((each) => [
          link([context.project, "rooms", each.id], each.id),
          each.name,
          badge(each.type),
          h("span", { class: "num" }, each.number),
          time(each.createdAt),
        ]),
        search.value ? `No room has “${search.value}” in its id or name.` : "This project has no rooms yet.",
      ),
      next && more,
    );
  }

  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => load(null), 200);
  });
  fill(main, h("h1", {}, "Rooms"), h("div", { class: "row" }, search), found);
  await fetchPage(null);
}

async function room(context, main, id) {
  const base = `${context.base}rooms/${part(id)}`;
  const facts = h("div");
  const members = h("div");
  const events = timeline(context, id);
  const isNew = changes();
  fill(
    main,
    h("p", { class: "crumbs" }, link([context.project, "rooms"], "Rooms"), " / "),
    h("h1", {}, id),
    h("div", { class: "split" }, events.node, h("div", { class: "aside" }, facts, members, announcement())),
  );

  function announcement() {
    const text = h("textarea", { rows: 2, maxlength: 4000, required: true });
    return card(
      "Announce",
      h(
        "form",
        {
          onsubmit: async (event) => {
            event.preventDefault();
            const done = await attempt(
              () => api("POST", context.chat + "admin/announcement", { roomId: id, content: text.value }),
              "Announced, as the system",
            );
            if (done) {
              text.value = "";
              await events.look();
            }
          },
        },
        field("Text for everyone in the room", text),
        h("button", { type: "submit" }, "Announce"),
      ),
    );
  }

  async function moderate(user, preset) {
    const sanction = select(
      [
        ["mute", "Mute: reads, says nothing"],
        ["unmute", "Unmute"],
        ["ban", "Ban: may not be here"],
        ["unban", "Unban"],
        ["kick", "Kick: connections end, may come back"],
      ],
      preset,
    );
    const length = select([
      ["0", "for good"],
      ["600", "10 minutes"],
      ["3600", "an hour"],
      ["86400", "a day"],
      ["604800", "a week"],
    ]);
    const reason = h("input", { type: "text", maxlength: 500 });
    const wanted = await ask({
      title: `Moderate ${user}`,
      text: `In the room ${id}.`,
      fields: [
        field("What", sanction),
        field("How long", length, "of a mute or a ban"),
        field("Reason", reason, "in the room's log and the audit log"),
      ],
      action: "Do it",
      danger: true,
      read: () => ({
        user,
        sanction: sanction.value,
        reason: reason.value,
        seconds: ["mute", "ban"].includes(sanction.value) ? Number(length.value) : 0,
      }),
    });
    if (wanted && (await attempt(() => api("POST", base + "/sanctions", wanted), `Done: ${wanted.sanction} ${user}`))) {
      await Promise.all([look(), events.look()]);
    }
  }

  async function moderateAnybody() {
    const user = h("input", { type: "text", maxlength: 128, required: true });
    const name = await ask({
      title: "Moderate a user",
      fields: [field("User id", user)],
      action: "Next",
      read: () => user.value.trim(),
    });
    if (name) await moderate(name, "ban");
  }

  async function look() {
    const now = await get(base);
    if (!isNew(now)) return;
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
    fill(
      facts,
      card(
        null,
        h("div", { class: "row wrap" }, badge(now.type), badge(now.awake ? "in memory" : "asleep", now.awake ? "ok" : "")),
        h(
          "dl",
          { class: "facts" },
          fact("Name", now.name),
          fact("Messages", `${number(now.messages)} by ${number(now.authors)}`),
          fact("Head", "seq " + number(now.head)),
          fact("Last event", time(now.lastAt || null)),
          fact("Made", time(now.createdAt)),
        ),
      ),
    );
    const held = new Map(now.sanctions.map((each) => [each.user, each]));
    const others = Object.keys(now.connections).filter((user) => !now.members.some((each) => each.user === user));
    const rows = [
      ...now.members.map((each) => [each.user, each.role]),
      ...others.map((user) => [user, "visitor"]),
      ...now.sanctions.filter((each) => !now.members.some((m) => m.user === each.user) && !others.includes(each.user)).map((each) => [each.user, "no member"]),
    ];
    fill(
      members,
      card(
        `Members (${number(now.memberCount)})`,
        table(
          ["User", "", ""],
          rows.map(([user, role]) => [
            h("span", {}, user, " ", h("span", { class: "muted small" }, [now.names[user], role].filter(Boolean).join(" · "))),
            h(
              "span",
              { class: "row wrap" },
              now.connections[user] && badge(now.connections[user] + " here", "ok"),
              held.get(user)?.muted && badge("muted", "warn"),
              held.get(user)?.banned && badge("banned", "bad"),
            ),
            h(
              "span",
              { class: "row end" },
              moderating(user, held.get(user)),
            ),
          ]),
          "Nobody is a member.",
        ),
        now.memberCount > now.members.length &&
          h("p", { class: "muted small" }, `The first ${now.members.length} are shown.`),
        button("Moderate somebody else…", moderateAnybody),
      ),
    );
  }

  function moderating(user, held) {
    const label = "Moderate…";
    const preset = held?.banned ? "unban" : held?.muted ? "unmute" : "mute";
    const b = button(label, () => moderate(user, preset));
    b.setAttribute("aria-label", `Moderate ${user}`);
    return b;
  }

  await Promise.all([look(), events.begin()]);
  every(5000, context.signal, look);
}
