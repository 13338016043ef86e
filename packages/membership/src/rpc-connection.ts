import { createConnection, type Socket } from 'node:net';
import * as v from 'valibot';
import { encodeRequest, type Frame, readFrames } from './codec.ts';
import { isMembershipError, MembershipError } from './errors.ts';
import {
  AUTHENTICATION_REQUIRED,
  COMMANDS,
  type CommandName,
  INVALID_AUTH_TOKEN,
  type ResponseHeader,
} from './wire.ts';

/** Where an agent listens for RPC. */
export interface RpcAddress {
  host: string;
  port: number;
}

/** Takes one record of a subscription, unchecked; says whether more are to come. */
export type OnRecord = (record: unknown) => 'more' | 'last';

interface Call {
  command: CommandName;
  /** Of a subscription: its first response only acknowledges it, all later ones carry a record. */
  onRecord?: OnRecord;
  acknowledged: boolean;
  limit: NodeJS.Timeout;
  resolve(reply: unknown): void;
  reject(error: MembershipError): void;
}

const CONNECT_LIMIT_MS = 5_000;
/** How long an agent may take to end a connection that was closed here. */
const CLOSE_LIMIT_MS = 1_000;

/**
 * One connection to an agent: requests go out at once, one behind the other, and the agent works them off strictly in that
 * order. Every failure rejects what is pending with a coded error and ends in `closed`; nothing is emitted or thrown beside.
 */
export class RpcConnection {
  /** Resolves when the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<MembershipError>;
  readonly #socket: Socket;
  readonly #where: string;
  readonly #calls = new Map<number, Call>();
  readonly #received: Promise<void>;
  #lastSeq = 0;
  #ended: MembershipError | undefined;
  #resolveClosed: (reason: MembershipError) => void = () => {};

  private constructor(socket: Socket, where: string) {
    this.#socket = socket;
    this.#where = where;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#received = this.#receive();
  }

  /** Connects within 5 s, or throws `RPC_UNREACHABLE`. */
  static async open({ host, port }: RpcAddress): Promise<RpcConnection> {
    const where = `${host}:${port}`;
    const socket = createConnection({ host, port, noDelay: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.setTimeout(CONNECT_LIMIT_MS, () =>
          reject(new Error(`no connection within ${CONNECT_LIMIT_MS} ms`)),
        );
        socket.on('error', reject);
        socket.once('connect', resolve);
      });
    } catch (cause) {
      socket.destroy();
      throw new MembershipError('RPC_UNREACHABLE', `No Serf agent can be reached at ${where}`, { cause });
    }
    socket.setTimeout(0);
    return new RpcConnection(socket, where);
  }

  /** Sends a command; resolves with the body of its response, held to the command's schema. */
  async call<Name extends CommandName>(command: Name, body?: object): Promise<ReplyOf<Name>> {
    const reply = await this.#send(command, body);
    const schema: v.GenericSchema | undefined = COMMANDS[command].reply;
    if (!schema) return undefined as ReplyOf<Name>;
    return parseBody(schema, command, reply) as ReplyOf<Name>;
  }

  /** Sends a command whose response is followed by records; resolves when the agent has acknowledged it. */
  async subscribe(command: 'stream' | 'monitor' | 'query', body: object, onRecord: OnRecord): Promise<void> {
    await this.#send(command, body, onRecord);
  }

  /**
   * Ends the connection and reads what is still sent until the agent has ended it, too: one that is cut off with
   * something unread is an error in the agent's log. Resolves then, after `limitMs` at the latest; what is pending
   * rejects at once.
   */
  async close(limitMs = CLOSE_LIMIT_MS): Promise<void> {
    this.#end(new MembershipError('RPC_CLOSED', `The connection to ${this.#where} was closed on this side`));
    this.#socket.end();
    const limit = setTimeout(() => this.#socket.destroy(), limitMs);
    await this.#received;
    clearTimeout(limit);
  }

  #send(command: CommandName, body?: object, onRecord?: OnRecord): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    return new Promise((resolve, reject) => {
      const { limitMs } = COMMANDS[command];
      const limit = setTimeout(() => {
        const what = `The agent at ${this.#where} did not answer "${command}" within ${limitMs} ms`;
        this.#end(new MembershipError('RPC_TIMEOUT', what));
        this.#socket.destroy();
      }, limitMs);
      this.#calls.set(seq, {
        command,
        ...(onRecord && { onRecord }),
        acknowledged: false,
        limit,
        resolve,
        reject,
      });
      this.#socket.write(encodeRequest(command, seq, body));
    });
  }

  async #receive(): Promise<void> {
    const what = `The agent at ${this.#where} ended the connection`;
    try {
      const frames = readFrames(this.#socket, (header) => this.#bodyFollows(header));
      for await (const frame of frames) this.#dispatch(frame);
      this.#end(new MembershipError('RPC_CLOSED', what));
    } catch (cause) {
      this.#end(isMembershipError(cause) ? cause : new MembershipError('RPC_CLOSED', what, { cause }));
    }
    this.#socket.destroy();
  }

  #bodyFollows(header: ResponseHeader): boolean {
    const call = this.#callOf(header.Seq);
    if (call.onRecord) return call.acknowledged;
    return COMMANDS[call.command].reply !== undefined && header.Error !== AUTHENTICATION_REQUIRED;
  }

  #dispatch({ seq, error, body }: Frame): void {
    const call = this.#callOf(seq);
    if (call.onRecord && call.acknowledged) {
      if (!this.#ended && call.onRecord(body) === 'last') this.#calls.delete(seq);
      return;
    }
    clearTimeout(call.limit);
    if (call.onRecord && error === '') call.acknowledged = true;
    else this.#calls.delete(seq);
    if (error === '') call.resolve(body);
    else call.reject(this.#refusal(call.command, error));
  }

  #callOf(seq: number): Call {
    const call = this.#calls.get(seq);
    if (call) return call;
    throw new MembershipError('RPC_GARBLED', `The agent at ${this.#where} answered a request never made`);
  }

  #refusal(command: CommandName, words: string): MembershipError {
    const unauthorized = words === AUTHENTICATION_REQUIRED || words === INVALID_AUTH_TOKEN;
    const what = `The agent at ${this.#where} refused "${command}": ${words}`;
    return new MembershipError(unauthorized ? 'RPC_UNAUTHORIZED' : 'RPC_REFUSED', what);
  }

  #end(reason: MembershipError): void {
    if (this.#ended) return;
    this.#ended = reason;
    for (const call of this.#calls.values()) {
      clearTimeout(call.limit);
      call.reject(reason);
    }
    this.#resolveClosed(reason);
  }
}

type ReplyOf<Name extends CommandName> = (typeof COMMANDS)[Name]['reply'] extends infer Schema
  ? Schema extends v.GenericSchema
    ? v.InferOutput<Schema>
    : undefined
  : never;

/** A body held to its schema; throws `RPC_GARBLED`. */
export function parseBody<Schema extends v.GenericSchema>(
  schema: Schema,
  command: CommandName,
  body: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const what = `The agent's answer to "${command}" has another shape than expected: ${parsed.issues[0].message}`;
  throw new MembershipError('RPC_GARBLED', what);
}
