// From ticks to the lines of a picture. Knows no DOM: a plot is text for SVG paths, and places for labels.
import type { Tick } from '../shared/api';
import { asPrice, asTime, asWhole } from './numbers';

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

export interface Label {
  readonly at: number;
  readonly text: string;
}

export interface Plot {
  /** One point for every tick. */
  readonly line: string;
  readonly area: string;
  readonly prices: readonly Label[];
  readonly times: readonly Label[];
  readonly x: (at: number) => number;
  readonly y: (price: number) => number;
}

const PRICE_GAP = 52;
const TIME_GAP = 110;
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 300, 600].map((seconds) => seconds * 1_000);

export function plot(ticks: readonly Tick[], { width, height, top = 0, right = 0, bottom = 0 }: Frame): Plot {
  const [from, to] = range(ticks.map(([, , at]) => at));
  const [low, high] = range(ticks.map(([, price]) => price));
  const floor = height - bottom;
  const x = (at: number): number => ((at - from) / (to - from)) * (width - right);
  const y = (price: number): number => floor - ((price - low) / (high - low)) * (floor - top);
  const line = ticks.map(([, price, at], i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(price).toFixed(1)}`).join('');
  const priceStep = roundStep(((high - low) * PRICE_GAP) / (floor - top));
  const timeStep = TIME_STEPS.find((step) => step >= ((to - from) * TIME_GAP) / (width - right)) ?? 900_000;
  return {
    line,
    area: line === '' ? '' : `${line}V${floor}H0Z`,
    prices: multiples(priceStep, low, high).map((price) => ({ at: y(price), text: priceStep < 1 ? asPrice(price) : asWhole(price) })),
    times: multiples(timeStep, from, to)
      .map((at) => ({ at: x(at), text: asTime(at) }))
      .filter(({ at }) => at > 24 && at < width - right - 24),
    x,
    y,
  };
}

/** From the least to the greatest, and never nothing. */
function range(values: readonly number[]): readonly [number, number] {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return least < greatest ? [least, greatest] : [least - 1, least + 1];
}

/** 1, 2 or 5 times a power of ten, not less than what is given. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

function multiples(step: number, from: number, to: number): readonly number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}
