// The way in: a name and a ticket. A wrong one is told in a sentence, and the form is there again.
import { ChangeDetectionStrategy, Component, effect, type ElementRef, inject, viewChild } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Desk } from './desk';

@Component({
  selector: 'desk-login',
  imports: [ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="card login" [formGroup]="form" (ngSubmit)="submit()" aria-labelledby="login-title">
      <h2 id="login-title">Take your place</h2>
      <p class="hint">Try <kbd>rembrandt</kbd> with the ticket <kbd>nightwatch</kbd>.</p>
      <label for="user">Name</label>
      <input id="user" formControlName="user" autocomplete="username" autocapitalize="none" spellcheck="false" />
      <label for="ticket">Ticket</label>
      <input
        id="ticket"
        #ticket
        type="password"
        formControlName="ticket"
        autocomplete="current-password"
        [attr.aria-invalid]="desk.problem() ? true : null"
        aria-describedby="login-problem"
      />
      <p id="login-problem" class="problem" role="alert">{{ desk.problem() }}</p>
      <button type="submit" class="primary" [disabled]="desk.isEntering()">{{ desk.isEntering() ? 'Logging in …' : 'Log in' }}</button>
    </form>
  `,
})
export class Login {
  readonly desk = inject(Desk);
  readonly form = inject(NonNullableFormBuilder).group({ user: ['', Validators.required], ticket: ['', Validators.required] });
  private readonly ticket = viewChild.required<ElementRef<HTMLInputElement>>('ticket');

  constructor() {
    effect(() => {
      if (this.desk.problem() !== undefined) this.ticket().nativeElement.select();
    });
  }

  submit(): void {
    const { user, ticket } = this.form.getRawValue();
    if (this.form.invalid) this.desk.problem.set('Both a name and a ticket are needed.');
    else this.desk.login(user.trim(), ticket);
  }
}
