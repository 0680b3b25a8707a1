// Publisher role: PUBLISH goes out, PUBLISHED or ERROR comes in where the publication is acknowledged.
// Knows no socket, timer, promise or rxjs.
// Source: WAMP basic profile, "Publish and Subscribe".
import type { WampError } from '../protocol/errors.ts';
import type { Dict, Id, List, Uri } from '../protocol/messages.ts';
import { PUBLISH } from '../protocol/messages.ts';
import type { Cancel, Sink } from '../protocol/sink.ts';
import { refusal } from './refusal.ts';
import type { Entry, SessionCore } from './session.ts';
import { withPayload } from './shape.ts';

/** One publication as it goes out; args and kwargs are sendable already. */
export interface PublishRequest {
  readonly topic: Uri;
  readonly args: List | undefined;
  readonly kwargs: Dict | undefined;
  /** What goes on the wire. */
  readonly options: Dict;
}

/**
 * Publishes an event: the sink gets the publication's id if it is acknowledged, else undefined at once; then it completes.
 * @throws What cannot be encoded; nothing was sent.
 */
export function publish(core: SessionCore, request: PublishRequest, sink: Sink<Id | undefined>): Cancel | undefined {
  // Read before the id: a toJSON of the payload may send something itself.
  const { args, kwargs } = request;
  const id = core.nextRequest;
  core.issue(withPayload(PUBLISH, id, request.options, request.topic, args, kwargs));
  if (request.options['acknowledge'] !== true) {
    sink.next(undefined);
    sink.complete();
    return undefined;
  }
  const entry = new Publication(core, id, request.topic, sink);
  core.wait(entry);
  return entry;
}

/** A publication that waits for its acknowledgement. */
class Publication implements Entry, Cancel {
  readonly request: Id;
  readonly since: number;
  readonly #core: SessionCore;
  readonly #topic: Uri;
  readonly #sink: Sink<Id | undefined>;

  constructor(core: SessionCore, id: Id, topic: Uri, sink: Sink<Id | undefined>) {
    this.request = id;
    this.since = core.ticks;
    this.#core = core;
    this.#topic = topic;
    this.#sink = sink;
  }

  get kind(): typeof PUBLISH {
    return PUBLISH;
  }

  answer(message: List): void {
    this.#core.settle(this);
    this.#sink.next(message[2] as Id);
    this.#sink.complete();
  }

  refuse(message: List): void {
    this.#sink.error(refusal(message, `publish to ${this.#topic}`));
  }

  fail(error: WampError): void {
    this.#sink.error(error);
  }

  unsubscribe(): void {
    this.#core.settle(this);
  }
}
