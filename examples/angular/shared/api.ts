// What back end and page say to each other, as types: a contract of rxwamp. Nothing here exists at run time.
import type { Ticker, TickTopic } from './goods.ts';

/** One price: its number in the good's own sequence, from 1 without a gap; guilders; milliseconds since 1970. */
export type Tick = [seq: number, price: number, at: number];

/** What is known of a good: where the day began, and its latest ticks, oldest first. */
export interface History {
  readonly open: number;
  readonly ticks: readonly Tick[];
}

export interface OrderRequest {
  readonly symbol: Ticker;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
}

/** How far an order is; `average` is the price of what is filled, 0 as long as that is nothing. */
export interface Order extends OrderRequest {
  readonly id: number;
  readonly filled: number;
  readonly average: number;
  readonly state: 'working' | 'filled' | 'cancelled';
  readonly at: number;
}

export interface DeskApi {
  procedures: {
    'com.example.desk.history': { args: [symbol: Ticker]; result: History };
    /** Each part that is filled is a progressive result; cancelling the call cancels the rest of the order. */
    'com.example.desk.order': { args: [order: OrderRequest]; progress: Order; result: Order };
    /** The last orders of whoever asks, newest first. */
    'com.example.desk.orders': { args: []; result: readonly Order[] };
  };
  topics: Record<TickTopic, { args: Tick }> & {
    /** Retained: whoever comes later gets the last one. */
    'com.example.desk.news': { args: [headline: string] };
  };
}
