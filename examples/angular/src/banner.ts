// The state of the connection: nothing while all is well, else what is wrong and the seconds until the next attempt.
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { injectWamp, wampStatus } from 'rxwamp/angular';
import { map, of, switchMap, timer } from 'rxjs';
import { Desk } from './desk';

@Component({
  selector: 'desk-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div role="status" class="visually-hidden">{{ spoken() }}</div>
    @if (trouble(); as trouble) {
      <div class="banner">
        <span class="pulse" aria-hidden="true"></span>
        <p>
          <strong>{{ trouble }}</strong>
          <span class="next" aria-hidden="true">
            @if (status().state === 'waiting') {
              Next attempt in <span class="seconds">{{ seconds() }} s</span>
            } @else {
              Trying now …
            }
          </span>
        </p>
        <button type="button" [disabled]="status().state !== 'waiting'" (click)="client.reconnect()">Try now</button>
      </div>
    }
  `,
})
export class Banner {
  readonly client = injectWamp();
  readonly status = wampStatus();
  readonly #desk = inject(Desk);
  readonly #wanted = computed(() => this.#desk.user() !== undefined || this.#desk.isEntering());

  readonly trouble = computed(() => {
    const status = this.status();
    if (!this.#wanted() || status.state === 'open' || status.state === 'idle' || status.state === 'closed') return undefined;
    if (this.#desk.user() !== undefined) return 'The connection is lost. Prices stand still.';
    return status.state === 'waiting' || status.attempt > 1 ? 'The exchange cannot be reached.' : undefined;
  });

  /** The countdown is for the eye; the voice says only what changed. */
  readonly spoken = computed(() => this.trouble() ?? (this.status().state === 'open' ? 'Connected.' : ''));

  readonly seconds = toSignal(
    toObservable(this.status).pipe(
      switchMap((status) =>
        status.state === 'waiting' ? timer(0, 200).pipe(map(() => Math.max(0, Math.ceil((status.retryAt - Date.now()) / 1_000)))) : of(0),
      ),
    ),
    { initialValue: 0 },
  );
}
