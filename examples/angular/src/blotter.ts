// The trader's last orders, as the back end has them: a resource that is asked again when an order is over or a session is new.
import { ChangeDetectionStrategy, Component, computed, effect, input, linkedSignal } from '@angular/core';
import { callResource, wampStatus } from 'rxwamp/angular';
import type { Order } from '../shared/api';
import { GOODS } from '../shared/goods';
import { asPrice, asTime, asWhole } from './numbers';

const AGAIN_MS = 1_000;

@Component({
  selector: 'desk-blotter',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 id="blotter-title">Your orders</h2>
    @if (rows().length > 0) {
      <ul aria-labelledby="blotter-title">
        @for (row of rows(); track row.id) {
          <li [class]="row.class" [attr.data-order]="row.id">
            <span class="what">{{ row.what }}</span>
            <span class="number">{{ row.price }}</span>
            <span class="state">{{ row.state }}</span>
            <time>{{ row.time }}</time>
          </li>
        }
      </ul>
    } @else {
      <p class="hint">None yet.</p>
    }
  `,
})
export class Blotter {
  /** How many orders were over: with each the list is asked for again. */
  readonly settled = input.required<number>();
  readonly #status = wampStatus();
  readonly #session = computed(() => {
    const status = this.#status();
    return status.state === 'open' ? status.session.id : undefined;
  });
  readonly #orders = callResource<readonly Order[], { settled: number }>({
    procedure: 'com.example.desk.orders',
    params: () => (this.#session() === undefined ? undefined : { settled: this.settled() }),
    args: () => [],
    options: { disclose_me: true },
  });
  /** What was known stays on the screen while the list is asked for again. */
  readonly #known = linkedSignal<readonly Order[] | undefined, readonly Order[]>({
    source: () => (this.#orders.hasValue() ? this.#orders.value() : undefined),
    computation: (orders, previous) => orders ?? previous?.value ?? [],
  });
  readonly rows = computed(() => this.#known().map(rowOf));

  constructor() {
    // The router may be back before the back end is.
    effect((onCleanup) => {
      if (this.#orders.error() === undefined) return;
      const again = setTimeout(() => this.#orders.reload(), AGAIN_MS);
      onCleanup(() => clearTimeout(again));
    });
  }
}

function rowOf({ id, side, quantity, symbol, filled, average, state, at }: Order) {
  const name = GOODS.find((good) => good.symbol === symbol)?.name ?? symbol;
  return {
    id,
    class: state,
    what: `${side === 'buy' ? 'Buy' : 'Sell'} ${asWhole(quantity)} ${name}`,
    state: state === 'filled' ? 'Filled' : `${state === 'working' ? 'Working' : 'Cancelled'}, ${asWhole(filled)} filled`,
    price: filled === 0 ? '–' : asPrice(average),
    time: asTime(at),
  };
}
