// The window of unconfirmed requests: SUBSCRIBE, REGISTER and their opposites go out at most 32 at a time, in order.
// Knows no message and no timer: an item sends itself and says when it was settled.
// Source: measured: nexus drops answers to a client once 64 of them stand in its queue.

const WIDTH = 32;

/** Something that waits for its turn. */
export interface Item {
  /** Sends itself; false if there is nothing to send any more. */
  sendNow(): boolean;
}

/** A queue with at most 32 items sent and not settled. */
export class Window {
  #queue: Item[] = [];
  #head = 0;
  #unsettled = 0;
  #drained: (() => void)[] = [];

  /** Sends an item now, or when its turn comes. */
  add(item: Item): void {
    this.#queue.push(item);
    this.#pump();
  }

  /** An item that was sent has its answer, or will not get one. */
  settled(): void {
    this.#unsettled--;
    this.#pump();
  }

  /** Calls back as soon as nothing waits to be sent: at once if nothing does. */
  whenSent(task: () => void): void {
    if (this.#head === this.#queue.length) task();
    else this.#drained.push(task);
  }

  /** Forgets everything: the link is gone. */
  clear(): void {
    this.#queue = [];
    this.#head = 0;
    this.#drained = [];
  }

  #pump(): void {
    while (this.#unsettled < WIDTH && this.#head < this.#queue.length) {
      const item = this.#queue[this.#head++];
      // Counted first: sending may throw, and then the item says itself that it is settled.
      this.#unsettled++;
      if (item?.sendNow() !== true) this.#unsettled--;
    }
    if (this.#head < this.#queue.length) return;
    this.#queue = [];
    this.#head = 0;
    for (const task of this.#drained.splice(0)) task();
  }
}
