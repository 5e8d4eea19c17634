// Small parts that rows and panels are made of. Nothing here takes markup.

const GROUPS = ["here", "channel", "everyone"];
const MENTION = /(@[A-Za-z0-9_-]+)/;

export function element(tag, className = "") {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

export function div(className) {
  return element("div", className);
}

export function button(text, className, onclick) {
  const made = element("button", className);
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", onclick);
  return made;
}

/** A message's text, with those who are mentioned marked. */
export function words({ content, mentions }, people) {
  return content.split(MENTION).map((word, i) => {
    const id = word.slice(1);
    const isMention = i % 2 === 1 && (mentions.includes(id) || (GROUPS.includes(id) && mentions.length > 0));
    if (!isMention) return word;
    const mark = element("mark", id === people.me ? "mine" : "");
    mark.textContent = word;
    return mark;
  });
}

/** As high as what is written in it, up to a point. */
export function grow(area) {
  area.style.setProperty("height", "auto");
  area.style.setProperty("height", `${Math.min(area.scrollHeight + 2, 160)}px`);
}
