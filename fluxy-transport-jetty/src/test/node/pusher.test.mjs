// Pusher's own libraries from npm, unmodified, against the engine that PusherNodeIT has started.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, test as timedTest } from 'node:test';
import Echo from 'laravel-echo';
import PusherServer from 'pusher';
import Pusher from 'pusher-js';

const port = Number(process.env.FLUXY_PORT);
const webhookPort = Number(process.env.FLUXY_WEBHOOK_PORT);
const server = new PusherServer({
  appId: '4242',
  key: 'a-key',
  secret: 'a-secret',
  host: '127.0.0.1',
  port: String(port),
  useTLS: false,
  encryptionMasterKeyBase64: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
});

const clients = [];
const test = (name, body) => timedTest(name, { timeout: 20_000 }, body);

function client(userId, wsPort = port) {
  const pusher = new Pusher('a-key', {
    cluster: 'none',
    wsHost: '127.0.0.1',
    wsPort,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, callback) =>
        callback(
          null,
          channelName.includes('refused')
            ? { auth: 'a-key:00' }
            : server.authorizeChannel(
                socketId,
                channelName,
                channelName.startsWith('presence-')
                  ? { user_id: userId, user_info: { name: `The ${userId}` } }
                  : undefined,
              ),
        ),
    },
    userAuthentication: {
      customHandler: ({ socketId }, callback) =>
        callback(null, server.authenticateUser(socketId, { id: userId, watchlist: ['bob'] })),
    },
  });
  clients.push(pusher);
  return pusher;
}

// From the start, or what is told before waits a minute for the next attempt.
let hooked = () => {};
const receiver = http.createServer((request, response) => {
  let rawBody = '';
  request.on('data', (chunk) => (rawBody += chunk));
  request.on('end', () => {
    response.end();
    const webhook = server.webhook({ headers: request.headers, rawBody });
    if (rawBody.includes('"name":"channel_occupied","channel":"hooked"')) {
      hooked(webhook);
    }
  });
});
receiver.listen(webhookPort, '127.0.0.1');

after(() => {
  receiver.close();
  clients.forEach((pusher) => pusher.disconnect());
  setTimeout(() => process.exit(), 3_000).unref(); // whatever a failed test has left open
});

/** The next event of a name on something that can be bound; fails after ten seconds. */
function next(emitter, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name}`)), 10_000);
    const heard = (data, metadata) => {
      clearTimeout(timer);
      emitter.unbind(name, heard);
      resolve(metadata?.user_id ? { data, userId: metadata.user_id } : data);
    };
    emitter.bind(name, heard);
  });
}

async function connected(userId, wsPort) {
  const pusher = client(userId, wsPort);
  await next(pusher.connection, 'connected');
  return pusher;
}

async function subscribed(pusher, name) {
  const channel = pusher.subscribe(name);
  await next(channel, 'pusher:subscription_succeeded');
  return channel;
}

for (const name of ['news', 'private-x', 'private-encrypted-x', 'presence-x']) {
  test(`an event on ${name.replace(/x$/, '')}`, async () => {
    const channel = await subscribed(await connected('ann'), name);
    const heard = next(channel, 'greet');
    const response = await server.trigger(name, 'greet', { words: 'Zoë 😀' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '{}');
    assert.deepEqual(await heard, { words: 'Zoë 😀' });
  });
}

test('a cache channel tells its last event, or that it has none', async () => {
  const ann = await connected('ann');
  const empty = ann.subscribe('cache-empty');
  await next(empty, 'pusher:cache_miss');
  await server.trigger('cache-full', 'price', { p: 1 });
  assert.deepEqual(await next(ann.subscribe('cache-full'), 'price'), { p: 1 });
});

test('client events', async () => {
  const ann = await subscribed(await connected('ann'), 'private-talk');
  const bob = await subscribed(await connected('bob'), 'private-talk');
  const heard = next(bob, 'client-hi');
  assert.equal(ann.trigger('client-hi', { n: 1 }), true);
  assert.deepEqual(await heard, { n: 1 });
});

test('presence with one user on two sockets', async () => {
  const ann = await subscribed(await connected('ann'), 'presence-room');
  const joined = next(ann, 'pusher:member_added');
  const one = await connected('bob');
  const bob = await subscribed(one, 'presence-room');
  assert.deepEqual(await joined, { id: 'bob', info: { name: 'The bob' } });
  const two = await connected('bob');
  const tab = await subscribed(two, 'presence-room');
  assert.equal(tab.members.count, 2);
  assert.equal(tab.members.me.id, 'bob');
  const hi = next(ann, 'client-hi');
  bob.trigger('client-hi', {});
  assert.equal((await hi).userId, 'bob');

  const left = next(ann, 'pusher:member_removed');
  one.disconnect();
  two.disconnect();
  assert.equal((await left).id, 'bob');
  assert.equal(ann.members.count, 1);
});

test('a bad signature is said on the channel', async () => {
  const channel = (await connected('ann')).subscribe('private-refused');
  const error = await next(channel, 'pusher:subscription_error');
  assert.equal(error.status, 401);
});

test('after a cut it connects again and subscribes again', async () => {
  const sockets = new Set();
  const proxy = net.createServer((socket) => {
    const upstream = net.connect(port, '127.0.0.1');
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => {}).on('close', () => socket.destroy()).pipe(socket);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const ann = await connected('ann', proxy.address().port);
  const channel = await subscribed(ann, 'private-cut');
  const again = next(channel, 'pusher:subscription_succeeded');
  sockets.forEach((socket) => socket.destroy());
  await again;
  const heard = next(channel, 'e');
  await server.trigger('private-cut', 'e', 'back');
  assert.equal(await heard, 'back');
  ann.disconnect();
  proxy.close();
});

test('sign-in, what is for one user, and the end of its connections', async () => {
  const ann = await connected('ann');
  ann.signin();
  await ann.user.signinDonePromise;
  const heard = next(ann.user, 'hey');
  const again = setInterval(() => server.sendToUser('ann', 'hey', { you: 1 }), 50);
  heard.finally(() => clearInterval(again)); // nobody says when the user's own channel is there
  assert.deepEqual(await heard, { you: 1 });

  const over = next(ann.connection, 'disconnected');
  await server.terminateUserConnections('ann');
  await over;
});

test('counts and lists', async () => {
  const ann = await connected('ann');
  await subscribed(ann, 'presence-counted');
  const one = await server.get({
    path: '/channels/presence-counted',
    params: { info: 'user_count,subscription_count' },
  });
  assert.deepEqual(await one.json(), { occupied: true, user_count: 1, subscription_count: 1 });
  const users = await server.get({ path: '/channels/presence-counted/users' });
  assert.deepEqual(await users.json(), { users: [{ id: 'ann' }] });
  const batch = await server.triggerBatch([{ channel: 'a', name: 'e', data: 'x' }]);
  assert.equal(await batch.text(), '{}');
});

test('webhooks are what the library takes for genuine', async () => {
  const got = new Promise((resolve) => (hooked = resolve));
  await subscribed(await connected('ann'), 'hooked');
  assert.equal((await got).isValid(), true);
});

test('laravel-echo', async () => {
  const echo = new Echo({ broadcaster: 'pusher', client: await connected('ann'), key: 'a-key' });
  const here = new Promise((resolve) => echo.join('echo').here(resolve));
  assert.deepEqual(await here, [{ name: 'The ann' }]);
  const heard = new Promise((resolve) => echo.private('orders').listen('.shipped', resolve));
  await next(echo.connector.pusher.channel('private-orders'), 'pusher:subscription_succeeded');
  await server.trigger('private-orders', 'shipped', { order: 7 });
  assert.deepEqual(await heard, { order: 7 });
  echo.disconnect();
});
