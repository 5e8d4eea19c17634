import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { FluxyClient } from "../../main/resources/META-INF/resources/fluxy/fluxy.js";
import { Server } from "./server.js";
import { World } from "./world.js";

const DOCS = readFileSync(new URL("../../../../docs/browser.md", import.meta.url), "utf8");
const TOKEN = `x.${btoa(JSON.stringify({ sub: "ann" }))}.y`;

/** The function of a recipe as the docs print it, in front of a framework. */
function recipe(framework, name, given) {
  const code = DOCS.split(`\`\`\`js\n// ${framework}\n`)[1].split("```")[0];
  return new Function(...Object.keys(given), `${code}; return ${name};`)(...Object.values(given));
}

async function opened() {
  const world = new World();
  const server = new Server(world);
  const room = new FluxyClient({ token: TOKEN, environment: world.environment(server) }).room("lobby");
  await room.open();
  await world.pass(1_000);
  return { world, server, room };
}

const last = (state) => state.messages.at(-1)?.content;

describe("the docs' recipe", () => {
  it("for React draws after a change, not otherwise, and never asks for a second look at the same moment", async () => {
    const { world, server, room } = await opened();
    let draws = 0;
    let drawn;
    let leave;
    // What React does: it reads twice and warns if that differs; it reads again after it has subscribed and at each change.
    const useSyncExternalStore = (subscribe, snapshot) => {
      assert.equal(snapshot(), snapshot(), "React would draw for ever");
      const look = () => {
        if (Object.is(snapshot(), drawn)) return;
        drawn = snapshot();
        draws++;
      };
      look();
      leave ??= subscribe(look);
      look();
      return snapshot();
    };
    const useRoom = recipe("React", "useRoom", { useSyncExternalStore, useCallback: (call) => call });
    useRoom(room);
    assert.equal(draws, 1);

    server.says("bob", "one");
    await world.pass(10);
    assert.equal(last(drawn), "one");
    assert.equal(draws, 2);
    assert.equal(useRoom(room), room.state);
    assert.equal(draws, 2);

    leave();
    server.says("bob", "two");
    await world.pass(10);
    assert.equal(draws, 2);
  });

  it("for Vue holds the state until the component goes", async () => {
    const { world, server, room } = await opened();
    let unmount;
    const useRoom = recipe("Vue", "useRoom", { shallowRef: (value) => ({ value }), onUnmounted: (call) => (unmount = call) });
    const state = useRoom(room);
    server.says("bob", "one");
    await world.pass(10);
    assert.equal(last(state.value), "one");

    unmount();
    server.says("bob", "two");
    await world.pass(10);
    assert.equal(last(state.value), "one");
  });

  it("for Svelte knows what was said before its first subscriber came", async () => {
    const { world, server, room } = await opened();
    const readable = (value, start) => ({
      subscribe(run) {
        let stop = () => {};
        run(value);
        stop = start((next) => run((value = next)));
        return stop;
      },
    });
    const store = recipe("Svelte", "roomStore", { readable })(room);
    server.says("bob", "one");
    await world.pass(10);
    let shown;
    const leave = store.subscribe((state) => (shown = state));
    assert.equal(last(shown), "one");
    server.says("bob", "two");
    await world.pass(10);
    assert.equal(last(shown), "two");

    leave();
    server.says("bob", "three");
    await world.pass(10);
    assert.equal(last(shown), "two");
  });
});
