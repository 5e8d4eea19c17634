export interface Options {
  /** The origin of the Fluxy server; by default the page's own. */
  url?: string;
  /** A token, or a function that gets one. It is asked before each connection and when a token has run out. */
  token: string | (() => string | Promise<string>);
  /** What others see of the user in a room's presence: at most 2,048 characters as JSON. */
  presence?: { name?: string; avatar_url?: string; role?: string };
  /** Parts of the world to replace: for tests, for Node, or to keep unsent messages over a reload. */
  environment?: Partial<Environment>;
}

export interface Environment {
  origin: string;
  WebSocket: typeof WebSocket;
  fetch: typeof fetch;
  setTimeout(call: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  newId(): string;
  /** Where unsent messages are kept; nowhere unless given. sessionStorage survives a reload. */
  storage?: Pick<Storage, "getItem" | "setItem">;
  /** Calls back when the device has a network again. */
  onOnline(call: () => void): void;
}

export class FluxyClient {
  constructor(options: Options);
  /** The store of a room; always the same one until it is closed. */
  room(roomId: string): Room;
  /** The rooms that the user is a member of. */
  rooms(): Promise<RoomSummary[]>;
  /** The room in which only this user and another one are; made if there is none. */
  directRoom(userId: string): Promise<RoomSummary>;
  /** Closes all rooms. */
  close(): void;
}

export interface RoomSummary {
  id: string;
  type: "dm" | "group" | "public" | "announcement";
  name: string;
  created_at: string;
  unreadCount?: number;
}

export class Room {
  readonly id: string;
  /** A new object after every change, the same one as long as nothing has changed. */
  readonly state: RoomState;
  /** Calls back after every change, once for many of one moment; answers how to stop that. */
  subscribe(listener: () => void): () => void;
  /** Calls back with every frame as the server said it. */
  onEvent(listener: (frame: { type: string; [field: string]: unknown }) => void): () => void;
  /** Connects, and stays connected until close(). Rejects if no token can be had. */
  open(): Promise<void>;
  close(): void;
  /** Does not wait for the countdown of a reconnect. */
  retryNow(): void;
  /** Shows a message at once and sends it, now or when the server can be reached; answers its clientMessageId. */
  send(content: string, more?: SendOptions): string;
  /** Tries a failed message again. */
  retry(clientMessageId: string): void;
  /** Gives up a message that is not sent. */
  discard(clientMessageId: string): void;
  edit(messageId: number, content: string): Promise<void>;
  delete(messageId: number): Promise<void>;
  /** Puts an emoji on a message or takes it off again; without `on`, the other of the two. */
  react(messageId: number, emoji: string, on?: boolean): Promise<void>;
  /** Pins a message, or with null none. */
  pin(messageId: number | null): Promise<void>;
  /** Call it with every key; it says so at most every three seconds, and says when four seconds passed without. */
  typing(): void;
  /** All up to this message has been seen; without one, all there is. */
  markRead(messageId?: number): void;
  /** Fetches older messages; false if there are none before those. */
  loadMore(): Promise<boolean>;
  /** A message and its answers as a store of its own, kept up to date until it is closed. */
  openThread(messageId: number): Thread;
  /** How much of the room the user has not read, as the server knows it; the ids are null if there is none. */
  unread(): Promise<{ unreadCount: number; lastReadMessageId: number | null; firstUnreadMessageId: number | null }>;
  /** The answers to a message, newest first. */
  thread(messageId: number): Promise<Message[]>;
}

/** A message and its answers. */
export class Thread {
  readonly messageId: number;
  /** A new object after every change, the same one as long as nothing has changed. */
  readonly state: ThreadState;
  subscribe(listener: () => void): () => void;
  /** Answers the message; the room shows it too. Answers the clientMessageId: the room's retry and discard take it. */
  send(content: string, more?: Omit<SendOptions, "parentId">): string;
  /** Fetches older answers, or tries again what did not work; false if there are none before those. */
  loadMore(): Promise<boolean>;
  close(): void;
}

export interface ThreadState {
  /** The message itself; null until it is loaded. */
  readonly parent: Message | null;
  /** The answers, oldest first. */
  readonly messages: readonly Message[];
  readonly reads: Readonly<Record<string, number>>;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the answers could not be fetched. */
  readonly error: string | null;
}

export interface SendOptions {
  parentId?: number | null;
  attachments?: Attachment[];
  /** "whisper" with visibleTo, or "role:moderator". */
  visibility?: string;
  visibleTo?: string[];
}

export interface RoomState {
  readonly roomId: string;
  /** What the room is called; null until it is known. */
  readonly name: string | null;
  /** Who we are; null until the room is open. */
  readonly userId: string | null;
  /** Oldest first; those of ours that have no number yet come last. */
  readonly messages: readonly Message[];
  /** By user, the id of the newest message that they have read. */
  readonly reads: Readonly<Record<string, number>>;
  /** What agents' tools did, oldest first; to be shown among messages by seq. */
  readonly steps: readonly ToolStep[];
  /** Runs of agents that ended, with the fields the server gives. */
  readonly runs: readonly { id: string; status: string; [field: string]: unknown }[];
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly connectionState: ConnectionState;
  readonly present: readonly { userId: string; userInfo: { name?: string; avatar_url?: string } }[];
  /** How many connections the room has. */
  readonly online: number;
  /** Who is writing, without ourselves. */
  readonly typing: readonly string[];
  readonly agentsTyping: readonly string[];
  readonly pinnedMessageId: number | null;
}

export interface ConnectionState {
  /** waiting: until nextRetryAt. refused: the user may not be here, or there is no such room; nothing is tried again. */
  readonly status: "closed" | "connecting" | "online" | "reconnecting" | "waiting" | "refused";
  readonly transport: "websocket" | "sse" | "polling" | null;
  /** Failures in a row. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly nextRetryAt: number | null;
  readonly error: string | null;
}

export interface Message {
  /** null until the server has it. */
  readonly id: number | null;
  readonly clientMessageId: string | null;
  readonly userId: string;
  /** Text, never HTML; empty once deleted. */
  readonly content: string;
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly expiresAt: string | null;
  readonly parentId: number | null;
  readonly mentions: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly visibility: string;
  readonly visibleTo: readonly string[];
  /** By emoji. `mine` is known of reactions that were made while we listened; over a reload only with a storage. */
  readonly reactions: Readonly<Record<string, { count: number; mine: boolean }>>;
  readonly replyCount: number;
  /** True while somebody writes it bit by bit. */
  readonly streaming: boolean;
  /** Of others' messages always "sent". */
  readonly status: "pending" | "sent" | "delivered" | "read" | "failed";
  /** Why it failed. */
  readonly error: string | null;
  readonly seq: number | null;
  readonly version: number;
}

export interface Attachment {
  kind: string;
  url: string;
  name: string;
  sizeBytes: number;
  contentType: string;
}

export interface ToolStep {
  readonly runId: string;
  readonly agentId: string;
  readonly toolCallId: string;
  readonly name: string;
  readonly seq: number;
  /** JSON as text. */
  readonly arguments?: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A request that did not work. */
export class RequestError extends Error {
  /** The HTTP status; 0 if no answer came. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** Whether the same request may well succeed a little later. */
  readonly passes: boolean;
}
