// The page of the shop. It asks the shop for orders, and Fluxy for what is said about them; the
// login's cookie is good for both.
const at = (id) => document.getElementById(id);
const me = await (await fetch("/api/me")).json();
at("me").textContent = me.staff ? `${me.name}, who works here` : me.name;
at("csrf").value = me.csrfToken;

let socket = null;
let open = null; // the order whose room is open
let known = new Set(); // the ids of the messages on the page

async function list() {
  const orders = await (await fetch("/api/orders")).json();
  at("orders").replaceChildren(...orders.map(entry));
  return orders;
}

function entry(order) {
  const button = document.createElement("button");
  button.textContent = order.item;
  const who = document.createElement("small");
  const when = new Date(order.placedAt).toLocaleString([], { dateStyle: "short", timeStyle: "short" });
  who.textContent = `${order.customer}, ${when}`;
  button.append(who);
  button.toggleAttribute("aria-current", open?.id === order.id);
  button.onclick = () => enter(order);
  const li = document.createElement("li");
  li.append(button);
  return li;
}

function enter(order) {
  open = order;
  known = new Set();
  at("title").textContent = order.item;
  at("messages").replaceChildren();
  at("chat").hidden = false;
  at("hint").hidden = true;
  connect(order, 1000);
  list();
  at("text").focus();
}

function connect(order, waitMs) {
  socket?.close();
  const line = new WebSocket(`${location.origin.replace("http", "ws")}/chat/ws/room/${order.id}`);
  socket = line;
  line.onmessage = (event) => hear(JSON.parse(event.data));
  line.onopen = () => {
    at("state").textContent = "";
    waitMs = 1000;
  };
  line.onclose = () => {
    if (socket !== line) return; // another room is open
    at("state").textContent = "Connecting again …";
    setTimeout(() => socket === line && connect(order, Math.min(2 * waitMs, 20000)), waitMs);
  };
}

function hear(frame) {
  if (frame.type === "history") frame.messages.forEach(show);
  else if (frame.type === "message") show(frame);
  else if (frame.type === "error") at("state").textContent = frame.message;
}

function show(message) {
  if (known.has(message.id)) return; // from before the connection was lost
  known.add(message.id);
  const li = document.createElement("li");
  li.classList.toggle("own", message.userId === me.userId);
  li.textContent = message.content;
  const who = document.createElement("small");
  who.textContent = message.userId;
  li.prepend(who);
  at("messages").append(li);
  li.scrollIntoView();
}

at("say").onsubmit = (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  const clientMessageId = crypto.randomUUID?.(); // browsers have it on https and localhost
  socket.send(JSON.stringify({ type: "message", content: at("text").value, clientMessageId }));
  at("text").value = "";
};

at("place").onsubmit = async (event) => {
  event.preventDefault();
  const answer = await fetch("/api/orders", {
    method: "POST",
    headers: { "Content-Type": "application/json", [me.csrfHeader]: me.csrfToken },
    body: JSON.stringify({ item: at("item").value }),
  });
  at("trouble").textContent = answer.ok ? "" : answer.status === 409 ? "Sold out." : "That did not work.";
  if (!answer.ok) return;
  at("item").value = "";
  enter(await answer.json());
};

await list();
