// The face that the comparison rig asks of a client, over anything that has rxwamp's operations.
// Uses the built package as a user does: `node scripts/build.mjs` comes first.
export const capabilities = { progressive: true, ackPublish: true, fireAndForget: true, goodbye: true };

export class Adapter {
  #wamp;
  #close;

  constructor(wamp, close) {
    this.#wamp = wamp;
    this.#close = close;
  }

  call(uri, args, onResult, onError) {
    this.#wamp.call(uri, args).subscribe({ next: onResult, error: onError });
  }

  resultArgs(result) {
    return result.args;
  }

  progressive(uri, args, onProgress, onDone, onError) {
    this.#wamp
      .call(uri, args, undefined, { receive_progress: true })
      .subscribe({ next: onProgress, error: onError, complete: () => onDone(null) });
  }

  // An observer, as it stands: a bare function would be wrapped in one for every subscription.
  eventHandler(handle) {
    return { next: (event) => handle(event.args, event.kwargs) };
  }

  subscribe(topic, observer) {
    this.#wamp.topic(topic).subscribe(observer);
    return Promise.resolve();
  }

  publish(topic, args, kwargs) {
    this.#wamp.publish(topic, args, kwargs).subscribe();
  }

  publishAck(topic, args, kwargs, onAck, onError) {
    this.#wamp.publish(topic, args, kwargs, { acknowledge: true }).subscribe({ next: onAck, error: onError });
  }

  register(uri, handle, map) {
    return new Promise((resolve, reject) => {
      this.#wamp
        .register(
          uri,
          map(({ args, kwargs }) => handle(args, kwargs)),
        )
        .subscribe({ next: resolve, error: reject });
    });
  }

  close() {
    return this.#close();
  }
}
