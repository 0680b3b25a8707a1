// The chart of one good, as SVG: every tick is a point, and the page draws what it has once a frame.
// The pointer or the arrow keys read single ticks.
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  signal,
  viewChild,
  afterNextRender,
} from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { switchMap } from 'rxjs';
import type { Tick } from '../shared/api';
import type { Good } from '../shared/goods';
import { Desk } from './desk';
import { asPercent, asPrice, asTime, asWhole } from './numbers';
import { type Label, plot } from './plot';

const HEIGHT = 320;
const FRAME = { height: HEIGHT, top: 14, right: 66, bottom: 26 };

@Component({
  selector: 'desk-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <figure>
      <figcaption>
        <h2>{{ good().name }}</h2>
        @if (last(); as last) {
          <p class="last">
            <span class="big">{{ asPrice(last[1]) }}</span>
            <span [class]="change() < 0 ? 'down' : 'up'"
              ><span aria-hidden="true">{{ change() < 0 ? '▼' : '▲' }}</span> {{ asPercent(change()) }}</span
            >
          </p>
        }
      </figcaption>
      <svg
        #svg
        role="img"
        tabindex="0"
        [attr.aria-label]="'Prices of ' + good().name + '. The arrow keys read single ticks.'"
        [attr.height]="${HEIGHT}"
        (pointermove)="point($event.offsetX)"
        (pointerleave)="reading.set(undefined)"
        (blur)="reading.set(undefined)"
        (keydown.arrowleft)="step(-1, $event)"
        (keydown.arrowright)="step(1, $event)"
        (keydown.escape)="reading.set(undefined)"
      >
        <defs>
          <linearGradient id="fade" x1="0" x2="0" y1="0" y2="1">
            <stop offset="0" class="fade-from" />
            <stop offset="1" class="fade-to" />
          </linearGradient>
        </defs>
        @if (picture(); as picture) {
          @for (label of picture.prices; track label.text) {
            <path class="grid" [attr.d]="'M0 ' + label.at + 'H' + inner()" />
            <text class="axis" [class.covered]="isCovered(label)" [attr.x]="inner() + 10" [attr.y]="label.at + 4">{{ label.text }}</text>
          }
          @for (label of picture.times; track label.text) {
            <text class="axis middle" [attr.x]="label.at" y="${HEIGHT - 6}">{{ label.text }}</text>
          }
          <path class="area" fill="url(#fade)" [attr.d]="picture.area" />
          <path class="line" data-ticks [attr.d]="picture.line" />
          @if (last(); as last) {
            <g [attr.transform]="'translate(' + inner() + ' ' + picture.y(last[1]) + ')'">
              <circle class="halo" r="9" />
              <circle class="dot" r="3.5" />
              <rect class="tag" x="6" y="-11" width="58" height="22" rx="5" />
              <text class="tag-text" x="35" y="4">{{ asPrice(last[1]) }}</text>
            </g>
          }
          @if (read(); as tick) {
            <g class="reading">
              <path [attr.d]="'M' + picture.x(tick[2]) + ' ${FRAME.top}V${HEIGHT - FRAME.bottom}'" />
              <circle r="4" [attr.cx]="picture.x(tick[2])" [attr.cy]="picture.y(tick[1])" />
            </g>
          }
        } @else {
          <text class="axis" x="0" y="40">Waiting for prices …</text>
        }
      </svg>
      <p class="ticks">
        @if (read(); as tick) {
          <output>No. {{ asWhole(tick[0]) }}, {{ asTime(tick[2]) }}: {{ asPrice(tick[1]) }}</output>
        } @else if (last(); as last) {
          <span data-first [attr.data-seq]="first()[0]">Ticks {{ asWhole(first()[0]) }}</span> to
          <span data-last [attr.data-seq]="last[0]">{{ asWhole(last[0]) }}</span>,
          {{ missing() === 0 ? 'none' : asWhole(missing()) }} missing
        }
      </p>
    </figure>
  `,
})
export class Chart {
  readonly good = input.required<Good>();
  readonly #desk = inject(Desk);
  private readonly svg = viewChild.required<ElementRef<SVGSVGElement>>('svg');
  readonly #width = signal(720);
  readonly #history = toSignal(toObservable(this.good).pipe(switchMap(({ symbol }) => this.#desk.history(symbol))));
  readonly #ticks = computed(() => this.#history()?.ticks ?? []);

  /** The number of the tick that is read. */
  readonly reading = signal<number | undefined>(undefined);
  readonly inner = computed(() => this.#width() - FRAME.right);
  readonly picture = computed(() => (this.#ticks().length === 0 ? undefined : plot(this.#ticks(), { ...FRAME, width: this.#width() })));
  readonly last = computed(() => this.#ticks().at(-1));
  readonly first = computed(() => this.#ticks()[0] as Tick);
  readonly missing = computed(() => (this.last()?.[0] ?? 0) - this.first()[0] + 1 - this.#ticks().length);
  readonly change = computed(() => (this.last()?.[1] ?? 0) / (this.#history()?.open ?? 1) - 1);
  readonly read = computed(() => this.#ticks().find(([seq]) => seq === this.reading()));
  readonly asPrice = asPrice;
  readonly asPercent = asPercent;
  readonly asTime = asTime;
  readonly asWhole = asWhole;

  constructor() {
    const resize = new ResizeObserver(([entry]) => this.#width.set(Math.round(entry?.contentRect.width ?? 720)));
    afterNextRender(() => resize.observe(this.svg().nativeElement));
    inject(DestroyRef).onDestroy(() => resize.disconnect());
  }

  /** The price of the moment stands in front of the labels. */
  isCovered({ at }: Label): boolean {
    const [picture, last] = [this.picture(), this.last()];
    return picture !== undefined && last !== undefined && Math.abs(picture.y(last[1]) - at) < 18;
  }

  point(x: number): void {
    const picture = this.picture();
    if (picture === undefined) return;
    const away = ([, , at]: Tick): number => Math.abs(picture.x(at) - x);
    this.reading.set(this.#ticks().reduce((near, tick) => (away(tick) < away(near) ? tick : near))[0]);
  }

  step(by: number, event: Event): void {
    event.preventDefault();
    const [first, last] = [this.first(), this.last()];
    if (last !== undefined) this.reading.update((seq = last[0]) => Math.min(last[0], Math.max(first[0], seq + by)));
  }
}
