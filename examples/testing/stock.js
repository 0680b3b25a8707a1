// The service that the examples test: how many of a thing are there, and who is told when the last one goes.
import { ApplicationError, Client } from 'rxwamp';
import { firstValueFrom, map, mergeMap, Subscription } from 'rxjs';

export class Stock {
  #client;
  #counts = new Map();
  #serving = new Subscription();

  /** @param options Those of a `Client`: a test hands in those of its kit. */
  constructor(options) {
    this.#client = new Client(options);
  }

  async start() {
    const add = map(({ args: [thing, count] }) => this.#put(thing, this.#count(thing) + count));
    const take = mergeMap(async ({ args: [thing] }) => {
      const left = this.#count(thing) - 1;
      if (left < 0) throw new ApplicationError('com.example.stock.error.none_left', [`no ${thing} is left`]);
      if (left === 0) await firstValueFrom(this.#client.publish('com.example.stock.sold_out', [thing], {}, { acknowledge: true }));
      return this.#put(thing, left);
    });
    await Promise.all([this.#serve('com.example.stock.add', add), this.#serve('com.example.stock.take', take)]);
  }

  async stop() {
    this.#serving.unsubscribe();
    await this.#client.close();
  }

  /** Resolves at the first REGISTERED, and goes on serving. */
  #serve(procedure, pipeline) {
    return new Promise((resolve, reject) => {
      this.#serving.add(this.#client.register(procedure, pipeline).subscribe({ next: resolve, error: reject }));
    });
  }

  #count(thing) {
    return this.#counts.get(thing) ?? 0;
  }

  #put(thing, count) {
    this.#counts.set(thing, count);
    return count;
  }
}
