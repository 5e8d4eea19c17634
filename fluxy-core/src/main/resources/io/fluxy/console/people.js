// What is kept of a user or a room, as a file; and taking a user's words out.

import { api, every, file, get, part } from "./api.js";
import { ask, attempt, badge, card, changes, field, fill, h, link, number, save, say, table, time } from "./dom.js";

export async function people(context, main) {
  const user = h("input", { type: "text", required: true, maxlength: 128, autocomplete: "off", spellcheck: "false" });
  const room = h("input", { type: "text", required: true, maxlength: 200, autocomplete: "off", spellcheck: "false" });
  const progress = h("div", { role: "status" });
  const erasures = h("div");
  const found = h("div");
  const isNew = changes();

  const submit = (then) => (event) => {
    event.preventDefault();
    attempt(then);
  };
  const erase = h("button", { type: "button", class: "danger", onclick: () => form.reportValidity() && attempt(eraseUser) }, "Erase…");
  const form = h(
    "form",
    { onsubmit: submit(exportUser) },
    field("User id", user),
    h("div", { class: "row wrap" }, h("button", { type: "submit" }, "Export"), h("button", { type: "button", onclick: () => form.reportValidity() && attempt(lookForRooms) }, "Where is anything of them?"), erase),
  );
  fill(
    main,
    h("h1", {}, "Export and erase"),
    h(
      "div",
      { class: "columns" },
      card("A user", h("p", { class: "muted" }, "The export is the file that the user would get. Erasing takes out what the user has said, put and read, in all rooms; what others said of them stays."), form, found),
      card(
        "A room",
        h("p", { class: "muted" }, "Its log as JSON lines, oldest first. Whispers have no text."),
        h("form", { onsubmit: submit(exportRoom) }, field("Room id", room), h("button", { type: "submit" }, "Export")),
        progress,
      ),
    ),
    card("Erasures since this engine started", erasures),
  );

  async function exportUser() {
    const blob = await file(`${context.base}users/${part(user.value)}/export`);
    save(`${context.project}-${user.value}.json`, blob);
    say("Exported; it is on the audit log");
  }

  async function lookForRooms() {
    const rooms = (await get(`${context.base}users/${part(user.value)}/rooms`)).rooms;
    fill(
      found,
      rooms.length === 0
        ? h("p", { class: "empty" }, `No room has anything of ${user.value}.`)
        : h("p", {}, `${number(rooms.length)} rooms: `, rooms.slice(0, 50).flatMap((each, i) => [i ? ", " : "", link([context.project, "rooms", each.id], each.id)])),
    );
  }

  async function eraseUser() {
    const id = user.value;
    const sure = await ask({
      title: `Erase ${id}`,
      text: `All that ${id} has said in project ${context.project} is taken out of every room, for good. There is no way back.`,
      name: id,
      action: "Erase",
      danger: true,
    });
    if (!sure) return;
    await api("POST", `${context.base}users/${part(id)}/erase`, { confirm: id });
    say("The erasure has begun");
    await look();
  }

  async function exportRoom() {
    const id = room.value;
    const base = `${context.base}rooms/${part(id)}`;
    const head = (await get(base)).head;
    const bar = h("progress", { max: Math.max(1, head), value: 0, "aria-label": "Exported" });
    fill(progress, bar);
    const lines = [];
    let after = 0;
    for (let more = true; more; ) {
      const page = await get(`${base}/events?after=${after}`);
      for (const event of page.events) lines.push(JSON.stringify(event) + "\n");
      after = page.events.at(-1)?.seq ?? after;
      bar.value = after;
      more = page.more && !context.signal.aborted;
    }
    if (context.signal.aborted) return;
    save(`${context.project}-${id}.jsonl`, new Blob(lines, { type: "application/x-ndjson" }));
    fill(progress, h("p", {}, `${number(lines.length)} events exported.`));
  }

  async function look() {
    const all = (await get(context.base + "erasures")).erasures;
    if (!isNew(all)) return;
    fill(
      erasures,
      table(
        ["User", "By", "Begun", "Rooms", "State"],
        all.toReversed().map((each) => [
          each.user,
          each.by,
          time(each.startedAt),
          each.rooms === undefined ? "…" : h("span", { class: "row" }, h("progress", { max: Math.max(1, each.rooms), value: each.endedAt ? Math.max(1, each.rooms) : each.done }), `${number(each.done)} of ${number(each.rooms)}`),
          each.failure ? h("span", {}, badge("failed", "bad"), " ", each.failure) : each.endedAt ? badge("done", "ok") : badge("under way", "warn"),
        ]),
        "Nobody was erased.",
      ),
    );
  }

  await look();
  every(1500, context.signal, look);
}
