// A request that the window sends and that a confirmation settles: SUBSCRIBE, UNSUBSCRIBE, REGISTER, UNREGISTER.
// Knows no role: what it is for stands in `Confirm`.
import type { WampError } from '../protocol/errors.ts';
import type { Id, List } from '../protocol/messages.ts';
import type { Entry, SessionCore } from './session.ts';
import type { Item } from './window.ts';

/** What one confirmed request is for. */
export interface Confirm {
  /** The code of the request. */
  readonly kind: number;
  /** The message under this id, or undefined if it is not wanted any more; `again`: the first sending is still unanswered. */
  message(request: Id, again: boolean): List | undefined;
  confirmed(message: List): void;
  refused(message: List): void;
  /** No answer came: the session is lost, the answer is overdue, or the message could not be sent. */
  failed(error: WampError): void;
  /** Ten seconds have passed: true to send it once more. */
  readonly repeats?: boolean;
}

/** Sends a confirmed request when its turn comes. */
export function request(core: SessionCore, confirm: Confirm): void {
  core.window.add(new Confirmation(core, confirm));
}

class Confirmation implements Entry, Item {
  request: Id = 0;
  since = 0;
  readonly #core: SessionCore;
  readonly #confirm: Confirm;
  /** The first sending of a request that was sent twice, or the second. */
  #twin: Confirmation | undefined;
  #over = false;

  constructor(core: SessionCore, confirm: Confirm) {
    this.#core = core;
    this.#confirm = confirm;
  }

  get kind(): number {
    return this.#confirm.kind;
  }

  sendNow(): boolean {
    if (this.#over) return false;
    const id = this.#core.nextRequest;
    const message = this.#confirm.message(id, this.#twin !== undefined);
    if (message === undefined) return false;
    try {
      this.#core.issue(message);
    } catch (error) {
      this.#confirm.failed(error as WampError);
      return false;
    }
    this.request = id;
    this.since = this.#core.ticks;
    this.#core.wait(this);
    return true;
  }

  answer(message: List): void {
    this.#core.settle(this);
    this.#settled();
    this.#confirm.confirmed(message);
  }

  refuse(message: List): void {
    this.#settled();
    this.#confirm.refused(message);
  }

  fail(error: WampError): void {
    this.#settled();
    this.#confirm.failed(error);
  }

  // Some routers lose an answer in a full queue. Both sendings may be confirmed in the end: the second one finds nobody.
  overdue(): void {
    if (this.#confirm.repeats !== true || this.#twin !== undefined) return;
    const twin = new Confirmation(this.#core, this.#confirm);
    twin.#twin = this;
    this.#twin = twin;
    this.#core.window.add(twin);
  }

  #settled(): void {
    const twin = this.#twin;
    // Over before the window moves on: it might still wait there.
    if (twin !== undefined) twin.#over = true;
    const waited = twin !== undefined && this.#core.settle(twin);
    this.#core.window.settled();
    if (waited) this.#core.window.settled();
  }
}
