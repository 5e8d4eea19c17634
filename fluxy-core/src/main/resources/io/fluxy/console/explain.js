// Why a user has a message, or has it not.

import { get, part } from "./api.js";
import { attempt, badge, card, field, fill, h } from "./dom.js";

const TONES = { passed: "ok", stopped: "bad", open: "warn", unknown: "" };
const SIGNS = { passed: "✓", stopped: "✕", open: "…", unknown: "?" };
const WORDS = { passed: "passed", stopped: "stopped here", open: "not yet", unknown: "not known" };

export async function explain(context, main) {
  const message = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]{1,16}", required: true, value: context.rest[0] ?? "" });
  const user = h("input", { type: "text", maxlength: 128, required: true, value: context.rest[1] ?? "", autocomplete: "off", spellcheck: "false" });
  const found = h("div", { "aria-live": "polite" });
  fill(
    main,
    h("h1", {}, "Explain a delivery"),
    h("p", { class: "muted" }, "For a message and a user: each stage it passed, or the reason it stopped."),
    card(
      null,
      h(
        "form",
        {
          class: "row wrap bottom",
          onsubmit: (event) => {
            event.preventDefault();
            const wanted = ["", context.project, "explain", message.value.trim(), user.value.trim()];
            const hash = "#" + wanted.map(part).join("/");
            if (location.hash === hash) look();
            else location.hash = hash;
          },
        },
        field("Message id", message),
        field("User id", user),
        h("button", { type: "submit", class: "primary" }, "Explain"),
      ),
    ),
    found,
  );

  async function look() {
    await attempt(async () => {
      const answer = await get(`${context.base}explain?message=${part(message.value.trim())}&user=${part(user.value.trim())}`);
      fill(
        found,
        card(
          `Message ${answer.message} and ${answer.user}`,
          h(
            "ol",
            { class: "stages" },
            answer.stages.map((stage) =>
              h(
                "li",
                { class: TONES[stage.state] },
                h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[stage.state]),
                h("div", {}, h("b", {}, stage.stage), " ", badge(WORDS[stage.state], TONES[stage.state]), h("p", {}, stage.text)),
              ),
            ),
          ),
        ),
      );
    });
  }

  if (context.rest[0] && context.rest[1]) await look();
  else (context.rest[0] ? user : message).focus();
}
