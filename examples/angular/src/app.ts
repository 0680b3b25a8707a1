// The page: a head, the state of the connection, and either the desk or the way in.
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { GOODS, type Good, type Ticker } from '../shared/goods';
import { Banner } from './banner';
import { Blotter } from './blotter';
import { Chart } from './chart';
import { Desk } from './desk';
import { Login } from './login';
import { News } from './news';
import { OrderForm } from './order';
import { Prices } from './prices';
import { Theme } from './theme';

@Component({
  selector: 'desk-root',
  imports: [Banner, Blotter, Chart, Login, News, OrderForm, Prices, Theme],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h1>The Exchange <small>Amsterdam, 1637</small></h1>
      @if (desk.user(); as user) {
        <span class="user">{{ user }}</span>
        <button type="button" class="quiet" (click)="desk.logout()">Log out</button>
      }
      <desk-theme />
    </header>
    <desk-banner />
    <main>
      @if (desk.user()) {
        <desk-news />
        <div class="desk">
          <section class="card chart" aria-label="Chart"><desk-chart [good]="good()" /></section>
          <section class="card order" aria-label="Order"><desk-order [good]="good()" (settled)="settled.set(settled() + 1)" /></section>
          <section class="card prices" aria-label="Prices"><desk-prices [(selected)]="selected" /></section>
          <section class="card blotter" aria-label="Your orders"><desk-blotter [settled]="settled()" /></section>
        </div>
      } @else {
        <desk-login />
      }
    </main>
  `,
})
export class App {
  readonly desk = inject(Desk);
  readonly selected = signal<Ticker>('tulip');
  readonly settled = signal(0);
  readonly good = computed(() => GOODS.find(({ symbol }) => symbol === this.selected()) as Good);
}
