import { map, NEVER, of, Subject, throwError } from 'rxjs';
import { rpc } from '../../src/contract/rpc.ts';
import { ERROR, INVOCATION, REGISTER, REGISTERED, UNREGISTER, UNREGISTERED, YIELD } from '../../src/protocol/messages.ts';
import { hear, opened } from './opened.ts';

const ADD = 'com.example.add';

describe('Client.register until', () => {
  it('G7 unregisters when it emits, answers what runs, completes, and sends nothing more', () => {
    const { client, link, sent } = opened();
    const [stop, go] = [new Subject<void>(), new Subject<string>()];
    const add = hear(client.register(ADD, () => go, { until: stop }));
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}]);
    stop.next();
    link.receive([UNREGISTERED, 2]);
    expect(add.completions).toBe(0);
    go.next('done');
    go.complete();
    expect(sent()).toEqual([
      [REGISTER, 1, {}, ADD],
      [UNREGISTER, 2, 71],
      [YIELD, 1, {}, ['done']],
    ]);
    expect([add.completions, add.errors, stop.observed]).toEqual([1, [], false]);
    expect(client.inspect().registrations).toEqual([]);
  });

  it('G7 leaving cancels what runs, before it emits and after', () => {
    const { client, link, sent } = opened();
    const stop = new Subject<void>();
    const add = hear(client.register(ADD, () => NEVER, { until: stop }));
    link.receive([REGISTERED, 1, 71], [INVOCATION, 1, 71, {}]);
    stop.next();
    add.leave();
    expect(sent().at(-1)).toEqual([ERROR, INVOCATION, 1, {}, 'wamp.error.canceled']);
    expect([add.completions, stop.observed]).toEqual([0, false]);
  });

  it('G7 one that has emitted or failed already registers nothing', () => {
    const { client, sent } = opened();
    const echo = map(({ value }: { readonly value: unknown }) => value);
    const heard = [of(1), throwError(() => new TypeError('no'))].map((until) => hear(client.register(ADD, echo, { until })));
    expect(heard.map(({ completions, errors }) => [completions, errors])).toEqual([
      [1, []],
      [1, []],
    ]);
    expect(sent()).toEqual([]);
  });

  it('I1 refuses what is no Observable', () => {
    const { client } = opened();
    expect(() => client.register(ADD, () => NEVER, { until: 1000 as never })).toThrowError(
      TypeError,
      'option until of register must be an Observable, not the number 1000',
    );
    expect(() => client.register(ADD, () => NEVER, { until: rpc(client) as never })).toThrowError(
      TypeError,
      'option until of register must be an Observable, not a function',
    );
  });
});
