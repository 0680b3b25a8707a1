// A request that the window sends and that a confirmation settles: SUBSCRIBE, UNSUBSCRIBE, REGISTER, UNREGISTER.
// What it is for stands in `Asked`; what is confirmed behind its time is given back.
import type { WampError } from '../protocol/errors.ts';
import { type Id, type List, SUBSCRIBE } from '../protocol/messages.ts';
import { claimsIn } from './claim.ts';
import type { Entry, SessionCore } from './session.ts';
import type { Item } from './window.ts';

/** What one confirmed request is for. */
export interface Asked {
  /** The code of the request. */
  readonly kind: number;
  /** For the sentence of a refusal. */
  readonly what: string;
  /** Whether it is sent once more after ten seconds without an answer. */
  readonly repeats?: boolean;
  /** The message under this id, or undefined if it is not wanted any more; `again`: the first sending is still unanswered. */
  message(request: Id, again: boolean): List | undefined;
  /** It is confirmed with this id; or refused, overdue, not to be sent, or lost with its session. */
  done(error: WampError | undefined, id: Id): void;
}

/** Sends a confirmed request when its turn comes. */
export function request(core: SessionCore, asked: Asked): void {
  core.window.add(new Confirmation(core, asked));
}

class Confirmation implements Entry, Item {
  request: Id = 0;
  since = 0;
  readonly #core: SessionCore;
  readonly #asked: Asked;
  /** The first sending of a request that was sent twice, or the second. */
  #twin: Confirmation | undefined;
  #over = false;

  constructor(core: SessionCore, asked: Asked, twin?: Confirmation) {
    this.#core = core;
    this.#asked = asked;
    this.#twin = twin;
  }

  get kind(): number {
    return this.#asked.kind;
  }

  get what(): string {
    return this.#asked.what;
  }

  sendNow(): boolean {
    const message = this.#over ? undefined : this.#asked.message(this.#core.nextRequest, this.#twin !== undefined);
    if (!message) return false;
    try {
      this.#core.issue(message, this);
    } catch (error) {
      this.fail(error as WampError);
    }
    return true;
  }

  answer(message: List): void {
    this.#core.settle(this);
    this.#done(undefined, message[2] as Id);
  }

  fail(error: WampError): void {
    this.#done(error, 0);
  }

  // Some routers lose an answer in a full queue. Both sendings may be confirmed in the end: the second one finds nobody.
  overdue(): void {
    if (!this.#asked.repeats || this.#twin) return;
    this.#twin = new Confirmation(this.#core, this.#asked, this);
    this.#core.window.add(this.#twin);
  }

  #done(error: WampError | undefined, id: Id): void {
    const { window } = this.#core;
    const twin = this.#twin;
    // Over before the window moves on: it might still wait there.
    if (twin) twin.#over = true;
    const waited = twin && this.#core.settle(twin);
    window.settled();
    if (waited) window.settled();
    this.#asked.done(error, id);
    if (this.#core.isOpen) giveBack(this.#core);
  }
}

/** What was confirmed when its request had been given up; not while another request could be confirmed with the same id. */
export function giveBack(core: SessionCore): void {
  core.late = core.late.filter(([kind, id]) => {
    const ids = kind === SUBSCRIBE ? core.topics : core.registrations;
    if (ids.has(id)) return false;
    if (core.requests.list().some((entry) => entry.kind === kind)) return true;
    ids.set(id, []);
    const done = (): void => {
      if (!claimsIn(ids.get(id))[0]) ids.delete(id);
    };
    request(core, { kind: kind + 2, what: '', message: (number) => [kind + 2, number, id], done });
    return false;
  });
}
