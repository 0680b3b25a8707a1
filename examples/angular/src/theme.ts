// Light or dark: what the system says, until somebody chooses.
import { ChangeDetectionStrategy, Component, DOCUMENT, effect, inject, signal } from '@angular/core';

type Scheme = 'light' | 'dark';
const KEY = 'desk.scheme';

@Component({
  selector: 'desk-theme',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" class="quiet icon" [attr.aria-label]="'Switch to ' + other()" [title]="'Switch to ' + other()" (click)="switch()">
      <svg viewBox="0 0 20 20" aria-hidden="true">
        @if (scheme() === 'dark') {
          <circle cx="10" cy="10" r="3.6" />
          <path d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4" />
        } @else {
          <path d="M16.6 12.4A7.2 7.2 0 0 1 7.6 3.4a7.2 7.2 0 1 0 9 9z" />
        }
      </svg>
    </button>
  `,
})
export class Theme {
  readonly #window = inject(DOCUMENT).defaultView;
  readonly scheme = signal<Scheme>(this.#chosen() ?? (this.#window?.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));

  constructor() {
    const { style } = inject(DOCUMENT).documentElement;
    effect(() => (style.colorScheme = this.scheme()));
  }

  other(): Scheme {
    return this.scheme() === 'dark' ? 'light' : 'dark';
  }

  switch(): void {
    this.scheme.set(this.other());
    this.#window?.localStorage.setItem(KEY, this.scheme());
  }

  #chosen(): Scheme | undefined {
    const chosen = this.#window?.localStorage.getItem(KEY);
    return chosen === 'light' || chosen === 'dark' ? chosen : undefined;
  }
}
