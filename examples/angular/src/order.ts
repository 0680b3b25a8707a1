// The order form. An order is one call: its progressive results move the bar, and unsubscribing cancels it, down to the back end.
import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, input, output, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { finalize, Subscription } from 'rxjs';
import type { Order, OrderRequest } from '../shared/api';
import type { Good } from '../shared/goods';
import { Desk } from './desk';
import { asPrice, asWhole } from './numbers';
import { sentence } from './sentences';

@Component({
  selector: 'desk-order',
  imports: [ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form [formGroup]="form" (ngSubmit)="place()" aria-labelledby="order-title">
      <h2 id="order-title">Order</h2>
      <fieldset class="sides">
        <legend class="visually-hidden">Side</legend>
        <label><input type="radio" name="side" formControlName="side" value="buy" /><span>Buy</span></label>
        <label><input type="radio" name="side" formControlName="side" value="sell" /><span>Sell</span></label>
      </fieldset>
      <label for="quantity">Quantity, in {{ good().unit }}s</label>
      <input id="quantity" type="number" inputmode="numeric" formControlName="quantity" step="1" aria-describedby="order-problem" />
      @if (isRunning()) {
        <button type="button" class="wide" (click)="cancel()">Cancel the rest</button>
      } @else {
        <button type="submit" class="primary wide">{{ form.controls.side.value === 'sell' ? 'Sell' : 'Buy' }} {{ good().name }}</button>
      }
      @if (order(); as order) {
        <div class="filling" [attr.data-filled]="order.filled">
          <progress aria-label="Filled" [max]="order.quantity" [value]="order.filled"></progress>
          <p role="status">{{ said() }}</p>
        </div>
      }
      <p id="order-problem" class="problem" role="alert">{{ problem() }}</p>
    </form>
  `,
})
export class OrderForm {
  readonly good = input.required<Good>();
  /** An order is over, whatever became of it. */
  readonly settled = output();
  readonly form = inject(NonNullableFormBuilder).group({ side: 'buy' as OrderRequest['side'], quantity: 120 });
  readonly order = signal<Order | undefined>(undefined);
  readonly problem = signal<string | undefined>(undefined);
  readonly isRunning = signal(false);
  readonly said = computed(() => wording(this.order(), this.isRunning()));
  readonly #desk = inject(Desk);
  readonly #destroyed = inject(DestroyRef);
  #running = Subscription.EMPTY;

  place(): void {
    if (this.isRunning()) return;
    this.problem.set(undefined);
    this.order.set(undefined);
    this.isRunning.set(true);
    const over = (): void => {
      this.isRunning.set(false);
      this.settled.emit();
    };
    this.#running = this.#desk
      .order({ ...this.form.getRawValue(), symbol: this.good().symbol })
      .pipe(finalize(over), takeUntilDestroyed(this.#destroyed))
      .subscribe({
        next: (order) => this.order.set(order),
        error: (error: unknown) => {
          this.order.set(undefined);
          this.problem.set(sentence(error));
        },
      });
  }

  cancel(): void {
    this.#running.unsubscribe();
  }
}

function wording(order: Order | undefined, isRunning: boolean): string {
  if (order === undefined) return '';
  const { filled, quantity, average } = order;
  const part = `${asWhole(filled)} of ${asWhole(quantity)}`;
  if (filled === 0) return isRunning ? 'Placed' : 'Cancelled, nothing filled';
  const at = `at ${asPrice(average)}`;
  if (filled === quantity) return `All ${asWhole(quantity)} filled ${at}`;
  return isRunning ? `${part} filled ${at}` : `Cancelled with ${part} filled ${at}`;
}
