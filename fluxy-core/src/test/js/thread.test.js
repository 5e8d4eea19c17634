import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FluxyClient } from "../../main/resources/META-INF/resources/fluxy/fluxy.js";
import { Server } from "./server.js";
import { World } from "./world.js";

const TOKEN = `x.${btoa(JSON.stringify({ sub: "ann" }))}.y`;

/** Somebody asks, others say much else, and then the thread is opened. */
async function asked({ answers = 0, noise = 0, storage } = {}) {
  const world = new World();
  const server = new Server(world);
  const root = server.says("bob", "root");
  for (let i = 1; i <= answers; i++) server.says("bob", `answer ${i}`, { parentId: root.id });
  for (let i = 1; i <= noise; i++) server.says("bob", `noise ${i}`);
  const room = new FluxyClient({ token: TOKEN, environment: world.environment(server, storage) }).room("lobby");
  await room.open();
  await world.pass(1_000);
  return { world, server, room, root, thread: room.openThread(root.id) };
}

const texts = (thread) => thread.state.messages.map((message) => message.content);

describe("a thread", () => {
  it("is a message and its answers, though the room's page does not reach back to them", async () => {
    const { world, room, thread } = await asked({ answers: 2, noise: 60 });
    assert.equal(thread.state.isLoading, true);
    await world.pass(100);

    assert.equal(thread.state.parent.content, "root");
    assert.deepEqual(texts(thread), ["answer 1", "answer 2"]);
    assert.equal(thread.state.isLoading, false);
    assert.equal(thread.state.hasMore, false);
    assert.equal(room.state.messages.length, 50);
    assert.equal(room.state.messages[0].content, "noise 11");
  });

  it("hears what is answered, edited and deleted, and nothing else of the room", async () => {
    const { world, server, root, thread } = await asked({ answers: 2 });
    await world.pass(100);
    const third = server.says("carl", "answer 3", { parentId: root.id });
    server.says("carl", "elsewhere");
    server.edits(third.id, "third");
    server.edits(root.id, "the root");
    server.deletes(third.id - 1);
    await world.pass(100);

    assert.equal(thread.state.parent.content, "the root");
    assert.deepEqual(texts(thread), ["answer 1", "", "third"]);
  });

  it("answers at once, and the room shows it too", async () => {
    const { world, server, room, root, thread } = await asked();
    await world.pass(100);
    thread.send("mine");
    assert.deepEqual(thread.state.messages.map(({ content, status }) => [content, status]), [["mine", "pending"]]);
    await world.pass(100);

    assert.deepEqual(thread.state.messages.map(({ content, status }) => [content, status]), [["mine", "sent"]]);
    assert.equal(room.state.messages.at(-1).parentId, root.id);
    assert.equal(server.messages.at(-1).parentId, root.id);
  });

  it("knows who has read what before it was opened, and hears of more", async () => {
    const { world, server, room, root } = await asked();
    room.send("mine", { parentId: root.id });
    await world.pass(100);
    const mine = server.messages.at(-1).id;
    server.tells({ type: "read", userId: "bob", messageId: mine });
    await world.pass(100);
    const thread = room.openThread(root.id);
    await world.pass(100);
    assert.deepEqual(thread.state.reads, { bob: mine });
    assert.deepEqual(thread.state.messages.map(({ status }) => status), ["read"]);

    server.tells({ type: "read", userId: "carl", messageId: mine });
    await world.pass(100);
    assert.deepEqual(thread.state.reads, { bob: mine, carl: mine });
  });

  it("shows what waits to be sent when it is opened", async () => {
    const { world, server, room, root } = await asked();
    server.network.down = true;
    server.cut();
    room.send("waits", { parentId: root.id });
    room.send("elsewhere");
    const thread = room.openThread(root.id);
    assert.deepEqual(texts(thread), ["waits"]);
    await world.pass(1_000);
    assert.equal(thread.state.error, "no answer from the server");

    server.network.down = false;
    await world.pass(60_000);
    assert.equal(thread.state.error, null);
    assert.equal(thread.state.parent.content, "root");
    assert.deepEqual(thread.state.messages.map(({ status }) => status), ["sent"]);
  });

  it("reads on before what it has", async () => {
    const { world, thread } = await asked({ answers: 70 });
    await world.pass(100);
    assert.equal(thread.state.hasMore, true);
    assert.equal(thread.state.messages.length, 50);
    const loading = thread.loadMore();
    await world.pass(100);
    assert.equal(await loading, false);
    assert.deepEqual([texts(thread)[0], texts(thread).length], ["answer 1", 70]);
  });

  it("counts a reaction once that is told while its page is on its way", async () => {
    const { world, server, room, root } = await asked({ answers: 1, noise: 60 });
    await world.pass(100);
    const thread = room.openThread(root.id);
    server.reacts("ann", root.id, "👍");
    server.reacts("bob", root.id, "👍");
    await world.pass(500);
    assert.equal(thread.state.parent.reactions["👍"].count, 2);
  });

  it("knows which reactions were ours before it was opened", async () => {
    const { world, server, room, root } = await asked({ answers: 1, noise: 60 });
    server.reacts("ann", root.id, "👍");
    server.reacts("bob", root.id, "🎉");
    await world.pass(100);
    const thread = room.openThread(root.id);
    await world.pass(100);
    assert.deepEqual(thread.state.parent.reactions, { "👍": { count: 1, mine: true }, "🎉": { count: 1, mine: false } });
  });

  it("shows no more what was given up", async () => {
    const { world, server, room, thread } = await asked();
    await world.pass(100);
    server.network.down = true;
    server.cut();
    const id = thread.send("never");
    await world.pass(100);
    assert.deepEqual(texts(thread), ["never"]);
    room.discard(id);
    await world.pass(100);
    assert.deepEqual([texts(thread), room.state.messages.filter((message) => message.id === null)], [[], []]);
  });

  it("says what is wrong with a message that is not there", async () => {
    const { world, room } = await asked();
    const thread = room.openThread(7);
    await world.pass(100);
    assert.equal(thread.state.error, "message not found");
    assert.equal(thread.state.parent, null);
  });

  it("hears nothing more once it is closed", async () => {
    const { world, server, root, thread } = await asked();
    await world.pass(100);
    let calls = 0;
    thread.subscribe(() => calls++);
    thread.close();
    server.says("bob", "late", { parentId: root.id });
    await world.pass(100);
    assert.equal(calls, 0);
    assert.deepEqual(texts(thread), []);
  });
});
