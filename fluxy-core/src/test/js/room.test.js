import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FluxyClient } from "../../main/resources/META-INF/resources/fluxy/fluxy.js";
import { Server } from "./server.js";
import { World } from "./world.js";

const TOKEN = `x.${btoa(JSON.stringify({ sub: "ann" }))}.y`;

async function opened({ seed = 1, storage, before = () => {}, presence } = {}) {
  const world = new World(seed);
  const server = new Server(world);
  before(server);
  const asked = [];
  const token = () => (asked.push(world.nowMs), TOKEN);
  const client = new FluxyClient({ token, presence, environment: world.environment(server, storage) });
  const room = client.room("lobby");
  const states = [];
  room.subscribe(() => states.push(room.state.connectionState.status));
  await room.open();
  await world.pass(1_000);
  return { world, server, client, room, states, asked };
}

const texts = (room) => room.state.messages.map((message) => message.content);
const status = (room) => room.state.connectionState.status;
const transport = (room) => room.state.connectionState.transport;

describe("a room", () => {
  it("begins with what was said before and goes on with what is said", async () => {
    const { world, server, room } = await opened({ before: (server) => server.says("bob", "one") });
    server.says("bob", "two");
    await world.pass(10);

    assert.deepEqual(texts(room), ["one", "two"]);
    assert.equal(status(room), "online");
    assert.equal(transport(room), "websocket");
  });

  it("has one state until something changes", async () => {
    const { world, server, room } = await opened();
    const state = room.state;
    assert.equal(room.state, state);
    server.says("bob", "one");
    await world.pass(10);
    assert.notEqual(room.state, state);
    assert.ok(Object.isFrozen(room.state));
  });

  it("tells its subscribers once of many changes, and no more after they left", async () => {
    const { world, server, room } = await opened();
    let calls = 0;
    const leave = room.subscribe(() => calls++);
    server.says("bob", "one");
    await world.pass(10);
    assert.equal(calls, 1);
    leave();
    server.says("bob", "two");
    await world.pass(10);
    assert.equal(calls, 1);
  });

  it("follows edits, deletions and reactions", async () => {
    const { world, server, room } = await opened();
    const { id } = server.says("bob", "one");
    const other = server.says("bob", "two");
    server.edits(id, "One");
    server.reacts("carl", id, "👍");
    server.reacts("ann", id, "👍");
    server.deletes(other.id);
    await world.pass(10);

    const [first, second] = room.state.messages;
    assert.equal(first.content, "One");
    assert.deepEqual(first.reactions, { "👍": { count: 2, mine: true } });
    assert.equal(second.deletedAt !== null, true);
    assert.equal(second.content, "");
  });

  it("counts the answers to a message as it is told", async () => {
    const { world, server, room } = await opened();
    const { id } = server.says("bob", "one");
    server.tells({ type: "thread_updated", messageId: id, replyCount: 2, replyUserIds: ["carl"] });
    await world.pass(10);
    assert.equal(room.state.messages[0].replyCount, 2);
  });

  it("does not count the echo of a reaction that changed nothing", async () => {
    const { world, server, room } = await opened();
    const { id } = server.says("bob", "one");
    server.reacts("ann", id, "👍");
    const echo = { type: "reaction", userId: "ann", messageId: id, emoji: "👍" };
    server.tells({ ...echo, op: "add" });
    server.tells({ ...echo, op: "remove" });
    await world.pass(10);

    assert.deepEqual(room.state.messages[0].reactions, { "👍": { count: 1, mine: true } });
  });

  it("loads older messages until there are none", async () => {
    const before = (server) => {
      for (let i = 1; i <= 120; i++) server.says("bob", `m${i}`);
    };
    const { world, room } = await opened({ before });
    assert.equal(room.state.messages.length, 50);
    for (const expected of [100, 120]) {
      const loading = room.loadMore();
      assert.equal(room.state.isLoading, true);
      await world.pass(100);
      await loading;
      assert.equal(room.state.messages.length, expected);
    }
    assert.equal(room.state.hasMore, false);
    assert.deepEqual(texts(room).slice(0, 2), ["m1", "m2"]);
  });

  it("shows a streamed answer as it grows and its tool calls", async () => {
    const { world, server, room } = await opened();
    const { id } = server.says("bot", "", { streaming: true });
    server.tells({ type: "agentTyping", agentId: "bot", isTyping: true });
    server.tells({ type: "edit", id, content: "It is", streaming: true });
    await world.pass(10);
    assert.equal(room.state.messages[0].content, "It is");
    assert.equal(room.state.messages[0].streaming, true);
    assert.deepEqual(room.state.agentsTyping, ["bot"]);

    const step = { runId: "r", agentId: "bot", toolCallId: "t", name: "clock", seq: 2 };
    server.tells({ type: "tool_call", ...step, arguments: "{}" });
    server.tells({ type: "tool_result", ...step, seq: 3, result: "12:00" });
    await world.pass(10);
    assert.deepEqual(room.state.steps, [{ ...step, arguments: "{}", result: "12:00" }]);
  });

  it("knows which reactions are ours, whenever we made them and wherever", async () => {
    for (const way of ["websocket", "sse"]) {
      const before = (server) => {
        if (way === "sse") server.network.websocket = false;
        for (let i = 0; i < 60; i++) {
          const { id } = server.says("bob", `message ${i}`);
          server.reacts("ann", id, "👍");
          server.reacts("bob", id, "🎉");
        }
      };
      const { world, room } = await opened({ before });
      await world.pass(10_000);
      assert.equal(transport(room), way);
      const loading = room.loadMore();
      await world.pass(100);
      await loading;
      assert.equal(room.state.messages.length, 60);
      for (const { reactions } of room.state.messages) {
        assert.deepEqual(reactions, { "👍": { count: 1, mine: true }, "🎉": { count: 1, mine: false } });
      }
    }
  });

  it("shows what tools did before we came, among the messages it has", async () => {
    const before = (server) => {
      server.uses("early", "call", { arguments: "{}" });
      for (let i = 0; i < 40; i++) server.says("bob", `old ${i}`);
      server.uses("old", "call", { arguments: "{}" });
      server.uses("old", "error", { error: "late" });
      for (let i = 0; i < 55; i++) server.says("bob", `message ${i}`);
      server.uses("new", "call", { arguments: "{}" });
      server.uses("new", "result", { result: "12:00" });
    };
    const { world, server, room } = await opened({ before });
    const shown = () => room.state.steps.map(({ toolCallId, result, error }) => [toolCallId, result ?? error]);
    assert.deepEqual(shown(), [["new", "12:00"]]);
    const loading = room.loadMore();
    await world.pass(100);
    await loading;
    assert.deepEqual(shown(), [["early", undefined], ["old", "late"], ["new", "12:00"]]);
    assert.equal(room.state.steps[1].arguments, "{}");
    server.uses("early", "result", { result: "at last" });
    await world.pass(10);
    assert.deepEqual(shown()[0], ["early", "at last"]);
  });

  it("asks what tools did only where a page of history leaves room for it", async () => {
    const before = (server) => {
      for (let i = 0; i < 160; i++) server.says("bob", `message ${i}`);
    };
    const { world, server, room } = await opened({ before });
    const asked = server.requests.length;
    const loading = room.loadMore();
    await world.pass(100);
    await loading;
    assert.equal(room.state.messages.length, 100);
    assert.equal(server.requests.length - asked, 2, "a page, and whether it is still true");
  });

  it("knows what it is called, and hears of another name when it comes back", async () => {
    const { world, server, room } = await opened({ before: (server) => (server.pinned = 7) });
    assert.equal(room.state.name, "Lobby");
    assert.equal(room.state.pinnedMessageId, 7);
    server.renames("Hall");
    server.cut();
    await world.pass(5_000);
    assert.equal(room.state.name, "Hall");
  });

  it("knows who is here and who is writing, for six seconds", async () => {
    const { world, server, room } = await opened();
    server.tells({ type: "member_joined", userId: "bob", userInfo: { name: "Bob" } });
    server.tells({ type: "typing", userId: "bob", isTyping: true });
    server.tells({ type: "typing", userId: "ann", isTyping: true });
    await world.pass(10);
    assert.deepEqual(room.state.present.map((member) => member.userId), ["ann", "bob"]);
    assert.deepEqual(room.state.typing, ["bob"]);
    await world.pass(6_000);
    assert.deepEqual(room.state.typing, []);
  });
});

describe("a message of ours", () => {
  it("is shown at once, then sent, delivered and read", async () => {
    const { world, server, room } = await opened();
    room.send("hello");
    assert.deepEqual(room.state.messages.map((m) => m.status), ["pending"]);
    await world.pass(20);
    const [message] = room.state.messages;
    assert.equal(message.status, "sent");
    server.tells({ type: "delivery_updated", messageId: message.id, userId: "bob", status: "delivered" });
    await world.pass(10);
    assert.equal(room.state.messages[0].status, "delivered");
    server.tells({ type: "read", messageId: message.id, userId: "bob" });
    await world.pass(10);
    assert.equal(room.state.messages[0].status, "read");
    assert.equal(room.state.messages.length, 1);
  });

  it("keeps its place among others of ours that wait", async () => {
    const { world, server, room } = await opened();
    for (let i = 1; i <= 5; i++) room.send(`m${i}`);
    await world.pass(1_000);
    assert.deepEqual(server.messages.map((m) => m.content), ["m1", "m2", "m3", "m4", "m5"]);
    assert.deepEqual(texts(room), ["m1", "m2", "m3", "m4", "m5"]);
  });

  it("that the server declines has failed, says why, and may be tried again or given up", async () => {
    const { world, server, room } = await opened();
    server.refuses = 400;
    const id = room.send("no");
    await world.pass(20);
    assert.equal(room.state.messages[0].status, "failed");
    assert.equal(room.state.messages[0].error, "refused");
    server.refuses = null;
    room.retry(id);
    await world.pass(20);
    assert.equal(room.state.messages[0].status, "sent");

    server.refuses = 400;
    room.discard(room.send("never"));
    await world.pass(20);
    assert.deepEqual(texts(room), ["no"]);
  });

  it("waits while there is no network and goes out once when there is", async () => {
    const { world, server, room } = await opened();
    server.network.down = true;
    server.cut();
    await world.pass(10);
    room.send("later");
    await world.pass(30_000);
    assert.equal(room.state.messages[0].status, "pending");
    server.network.down = false;
    await world.pass(30_000);
    assert.equal(room.state.messages[0].status, "sent");
    assert.equal(server.messages.length, 1);
  });

  it("survives a reload when there is a storage", async () => {
    const kept = new Map();
    const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
    const first = await opened({ storage });
    first.server.network.down = true;
    first.server.cut();
    first.room.send("written before");
    await first.world.pass(100);
    first.room.close();

    const second = await opened({ storage });
    assert.deepEqual(second.server.messages.map((m) => m.content), ["written before"]);
    assert.equal(kept.get("fluxy.outbox.ann.lobby"), "[]");
  });

  it("is the user's own: another user of the same browser does not send it", async () => {
    const kept = new Map([["fluxy.outbox.bob.lobby", '[{"clientMessageId":"cmsg_1","userId":"bob","content":"x"}]']]);
    const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
    const { server } = await opened({ storage });
    assert.equal(server.messages.length, 0);
  });

  it("is refused when too many wait", async () => {
    const { server, room } = await opened();
    server.network.down = true;
    for (let i = 0; i < 200; i++) room.send("x");
    assert.throws(() => room.send("one too many"), /200 messages wait/);
  });
});

describe("the line", () => {
  it("comes back by itself, is told what it missed, and says when it tries next", async () => {
    const { world, server, room, states } = await opened({ before: (server) => server.says("bob", "one") });
    server.cut();
    await world.pass(10);
    assert.equal(status(room), "waiting");
    const { nextRetryAt } = room.state.connectionState;
    assert.ok(nextRetryAt > world.nowMs && nextRetryAt <= world.nowMs + 1_000);
    for (let i = 0; i < 70; i++) server.says("bob", `missed ${i}`);
    await world.pass(2_000);

    assert.equal(status(room), "online");
    assert.deepEqual(texts(room), ["one", ...Array.from({ length: 70 }, (_, i) => `missed ${i}`)]);
    assert.ok(states.includes("reconnecting"));
    assert.equal(server.requests.filter((r) => r.startsWith("WS")).at(-1), "WS /ws/room/lobby?replay=off");
  });

  it("tries at once when the device says that it is online, or when told to", async () => {
    for (const nudge of [(world) => world.comesOnline(), (world, room) => room.retryNow()]) {
      const { world, server, room } = await opened();
      server.network.down = true;
      server.cut();
      await world.pass(60_000);
      server.network.down = false;
      if (status(room) !== "waiting") await world.pass(11_000);
      nudge(world, room);
      await world.pass(100);
      assert.equal(status(room), "online");
    }
  });

  it("notices a line that is dead without a word", async () => {
    const { world, server, room } = await opened();
    for (const socket of server.sockets) socket.send = () => {};
    await world.pass(49_000);
    assert.equal(status(room), "online");
    await world.pass(4_000);
    assert.equal(status(room), "online");
    assert.equal(server.requests.filter((r) => r.startsWith("WS")).length, 2);
  });

  it("begins anew when the server can't tell what was missed", async () => {
    const { world, server, room } = await opened({ before: (s) => ["one", "two", "three"].forEach((t) => s.says("bob", t)) });
    server.forgets(2);
    server.says("bob", "another");
    await world.pass(3_000);
    assert.deepEqual(texts(room), ["one", "another"]);
  });

  it("falls to an event stream where WebSockets are blocked, then back when they work", async () => {
    const { world, server, room } = await opened({ before: (server) => (server.network.websocket = false) });
    await world.pass(10_000);
    assert.equal(transport(room), "sse");
    assert.equal(status(room), "online");
    server.says("bob", "one");
    await world.pass(10);
    assert.deepEqual(texts(room), ["one"]);

    server.network.websocket = true;
    await world.pass(40_000);
    assert.equal(transport(room), "websocket");
    server.says("bob", "two");
    await world.pass(10);
    assert.deepEqual(texts(room), ["one", "two"]);
    assert.equal(server.streams.size, 0);
  });

  it("falls to polling where event streams are held back, then back to the WebSocket", async () => {
    const before = (server) => Object.assign(server.network, { websocket: false, buffered: true });
    const { world, server, room } = await opened({ before });
    await world.pass(30_000);
    assert.equal(transport(room), "polling");
    server.says("bob", "one");
    await world.pass(20);
    assert.deepEqual(texts(room), ["one"]);
    room.send("by request");
    await world.pass(50);
    assert.deepEqual(texts(room), ["one", "by request"]);

    server.network.websocket = true;
    await world.pass(60_000);
    assert.equal(transport(room), "websocket");
  });

  it("gives up where the user may not be, and says so", async () => {
    const { world, server, room } = await opened({ before: (server) => (server.refuses = 403) });
    await world.pass(20_000);
    assert.equal(status(room), "refused");
    assert.equal(room.state.connectionState.error, "forbidden");
    const count = server.requests.length;
    await world.pass(600_000);
    assert.equal(server.requests.length, count);
  });

  it("asks for a new token before it comes back", async () => {
    const { world, server, asked } = await opened();
    assert.equal(asked.length, 1);
    server.cut();
    await world.pass(2_000);
    assert.equal(asked.length, 2);
  });

  it("asks for a new token when a request is refused for the old one, once", async () => {
    const { world, server, room, asked } = await opened();
    server.refuses = 401;
    const refused = assert.rejects(room.edit(1, "x"), { status: 401 });
    await world.pass(100);
    await refused;
    assert.equal(asked.length, 2);
    server.refuses = null;
    const done = room.edit(1, "x");
    await world.pass(100);
    await done;
    assert.equal(asked.length, 2);
  });

  it("is quiet once it is closed", async () => {
    const { world, server, room, client } = await opened();
    room.close();
    await world.pass(600_000);
    assert.equal(server.sockets.size, 0);
    assert.equal(status(room), "closed");
    assert.notEqual(client.room("lobby"), room);
  });
});

describe("whatever the network does", () => {
  const SEEDS = Number(process.env.FLUXY_JS_SEEDS ?? 300);
  const FIRST = Number(process.env.FLUXY_JS_SEED ?? 1);
  const COUNT = process.env.FLUXY_JS_SEED ? 1 : SEEDS;

  it(`live plus replay is the log, and nothing is sent twice (${COUNT} seeds)`, async () => {
    const seen = { websocket: 0, sse: 0, polling: 0, restarts: 0, missed: 0 };
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      try {
        await storm(seed, seen);
      } catch (error) {
        error.message = `seed ${seed} (FLUXY_JS_SEED=${seed}): ${error.message}`;
        throw error;
      }
    }
    console.log(JSON.stringify(seen));
    if (COUNT > 50) for (const [path, count] of Object.entries(seen)) assert.ok(count > 0, `${path} was never taken`);
  });
});

async function storm(seed, seen) {
  const { world, server, room } = await opened({ seed });
  const pick = (n) => Math.floor(world.random() * n);
  let ours = 0;
  const root = server.says("bob", "root");
  await world.pass(100);
  const thread = room.openThread(root.id);
  for (let step = 0; step < 60; step++) {
    const messages = server.messages;
    const any = messages[pick(messages.length)];
    switch (pick(13)) {
      case 0:
        server.network.down = world.random() < 0.5;
        if (server.network.down) server.cut();
        break;
      case 1:
        server.network.websocket = world.random() < 0.6;
        break;
      case 2:
        server.holdStreams(world.random() < 0.3);
        break;
      case 3:
        server.cut();
        break;
      case 12:
        if (world.random() < 0.2) server.forgets(0); // another log, as after a restore
        break;
      case 4:
        (pick(2) ? room : thread).send(`ours ${++ours}`);
        break;
      case 5:
        if (any) server.edits(any.id, `edited at ${step}`);
        break;
      case 6:
        if (any) server.reacts(["ann", "bob"][pick(2)], any.id, ["👍", "🎉"][pick(2)]);
        break;
      case 7:
        if (any && any.id !== root.id && world.random() < 0.3) server.deletes(any.id);
        break;
      case 8:
        (pick(2) ? room : thread).loadMore().catch(() => {});
        break;
      default:
        for (let i = pick(30); i >= 0; i--) {
          server.says("bob", `said ${server.log.length}`, { parentId: pick(3) ? null : root.id });
        }
    }
    await world.pass(pick(3) === 0 ? pick(40_000) : pick(200));
    seen[transport(room)]++;
    if (status(room) !== "online") seen.missed++;
  }
  const restarts = server.requests.filter((request) => request.includes("replay=connect")).length;
  if (restarts > 1) seen.restarts++;
  Object.assign(server.network, { down: false, websocket: true, sse: true, buffered: false });
  await world.pass(900_000);

  assert.equal(status(room), "online");
  const all = server.messages;
  isTheLog(room.state.messages, all);
  isTheLog(thread.state.messages, all.filter((message) => message.parentId === root.id));
  const sent = all.filter((message) => message.clientMessageId);
  assert.equal(new Set(sent.map((message) => message.clientMessageId)).size, sent.length);
  const posted = server.log.filter((frame) => frame.type === "message" && frame.clientMessageId).length;
  assert.equal(posted, ours);
}

/** What is shown is the end of what was said, and no less than a page of it. */
function isTheLog(messages, all) {
  const shown = messages.filter((message) => !message.deletedAt);
  const from = all.findIndex((message) => message.id === shown[0]?.id);
  const expected = shown.length ? all.slice(from) : all;
  const ourView = shown.map(({ id, content, reactions }) => JSON.stringify([id, content, counts(reactions)]));
  const theirs = expected.map(({ id, content, counts }) => JSON.stringify([id, content, sorted(counts)]));
  const differs = ourView.findIndex((line, i) => line !== theirs[i]);
  assert.equal(ourView[differs], theirs[differs]);
  assert.equal(ourView.length, theirs.length);
  assert.ok(shown.length >= Math.min(50, all.length));
}

function counts(reactions) {
  return Object.fromEntries(Object.keys(reactions).sort().map((emoji) => [emoji, reactions[emoji].count]));
}

function sorted(counts) {
  return Object.fromEntries(Object.keys(counts).sort().map((emoji) => [emoji, counts[emoji]]));
}
