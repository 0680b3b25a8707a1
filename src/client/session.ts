// A session as its users see it: the operations of one join. When it is over they end with its error.
// Knows no reconnect.
import { Observable } from 'rxjs';
import { ConnectionError } from '../protocol/errors.ts';
import type { Dict, Id, Uri } from '../protocol/messages.ts';
import type { SessionCore } from '../session/session.ts';
import type { Ground, SharedGround } from './ground.ts';
import { GroundOperations } from './operations.ts';

/** One session, from WELCOME to its end. Emitted by `connect` and by `Client.sessions`. */
export class Session extends GroundOperations {
  /** The id that the router gave. */
  readonly id: Id;
  readonly realm: Uri;
  /** WELCOME.Details as the router sent them; realm, authid and authextra may be missing. */
  readonly details: Dict;

  /** @internal */
  constructor(core: SessionCore, shared: SharedGround) {
    const refusal = (): ConnectionError | undefined => (core.isOpen ? undefined : overOf(core));
    const ground: { -readonly [K in keyof Ground]: Ground[K] } = {
      shared,
      bound: true,
      session: undefined,
      get isReady() {
        return core.isOpen;
      },
      reason: undefined,
      start: (request, sink) => {
        if (core.isOpen) return request.send(core, sink);
        sink.error(overOf(core));
        return undefined;
      },
      refusal,
      open: () => undefined,
      sessions: new Observable(),
    };
    super(ground);
    ground.session = this;
    this.id = core.welcomed.id;
    this.realm = core.welcomed.realm;
    this.details = core.welcomed.details;
  }
}

function overOf({ failure }: SessionCore): ConnectionError {
  // What is asked of a session that is over never leaves: that is not the fate of what was under way.
  return new ConnectionError(failure?.message ?? 'the session is over', {
    uri: failure?.uri ?? 'wamp.error.network_failure',
    url: failure?.url,
    cause: failure,
  });
}
