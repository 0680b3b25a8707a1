// The table of prices. Every tick arrives; the screen is drawn four times a second at most, which is what an eye can read.
import { ChangeDetectionStrategy, Component, computed, inject, model } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { throttleTime } from 'rxjs';
import type { History } from '../shared/api';
import { GOODS, type Good, type Ticker } from '../shared/goods';
import { plot } from './plot';
import { Desk } from './desk';
import { asPercent, asPrice } from './numbers';

const SCREEN_MS = 250;
const SPARK = { width: 88, height: 24 };
const SPARK_TICKS = 80;

@Component({
  selector: 'desk-prices',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <table>
      <caption class="visually-hidden">
        Prices in guilders. The name of a good shows it in the chart.
      </caption>
      <thead>
        <tr>
          <th scope="col">Good</th>
          <th scope="col" class="spark">Lately</th>
          <th scope="col" class="number">Price</th>
          <th scope="col" class="number">Today</th>
        </tr>
      </thead>
      <tbody>
        @for (row of rows; track row.good.symbol) {
          <tr
            [class.selected]="row.good.symbol === selected()"
            [attr.data-symbol]="row.good.symbol"
            (click)="selected.set(row.good.symbol)"
          >
            <th scope="row">
              <button type="button" class="good" [attr.aria-pressed]="row.good.symbol === selected()">{{ row.good.name }}</button>
              <span class="unit">per {{ row.good.unit }}</span>
            </th>
            @if (row.view(); as view) {
              <td class="spark">
                <svg aria-hidden="true" [attr.viewBox]="'0 0 ${SPARK.width} ${SPARK.height}'">
                  <path [class]="view.today" [attr.d]="view.spark" />
                </svg>
              </td>
              <td class="number price" [attr.data-seq]="view.seq">
                <span class="flash" [class]="view.move" [class.odd]="view.seq % 2 === 1">{{ view.price }}</span>
              </td>
              <td class="number" [class]="view.today">
                <span aria-hidden="true">{{ view.today === 'down' ? '▼' : '▲' }}</span> {{ view.percent }}
              </td>
            } @else {
              <td class="spark"></td>
              <td class="number">…</td>
              <td class="number">…</td>
            }
          </tr>
        }
      </tbody>
    </table>
  `,
})
export class Prices {
  readonly selected = model.required<Ticker>();
  readonly #desk = inject(Desk);
  readonly rows = GOODS.map((good: Good) => {
    const screen = this.#desk.history(good.symbol).pipe(throttleTime(SCREEN_MS, undefined, { leading: true, trailing: true }));
    const history = toSignal(screen);
    return { good, view: computed(() => viewOf(history())) };
  });
}

function viewOf(history: History | undefined) {
  const last = history?.ticks.at(-1);
  if (history === undefined || last === undefined) return undefined;
  const [seq, price] = last;
  const before = history.ticks.at(-2)?.[1] ?? price;
  return {
    seq,
    price: asPrice(price),
    move: price < before ? 'down' : 'up',
    today: price < history.open ? 'down' : 'up',
    percent: asPercent(price / history.open - 1),
    spark: plot(history.ticks.slice(-SPARK_TICKS), { ...SPARK, top: 2, bottom: 2 }).line,
  };
}
