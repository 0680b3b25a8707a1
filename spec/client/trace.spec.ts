import { firstValueFrom, map } from 'rxjs';
import { Client } from '../../src/client/client.ts';
import { Router } from '../../src/router/index.ts';
import { trace } from '../../src/transports/trace.ts';
import { hear, kept, turn } from './opened.ts';

describe('A traced client', () => {
  it('prints a line for each message, in the order of the wire, with secrets masked', async () => {
    const router = new Router({ realms: ['realm1'] });
    const lines: string[] = [];
    const transport = trace(router.transport(), { log: (line) => lines.push(line) });
    const client = kept(new Client({ transport, logger: false }));
    const add = hear(
      client.register<[number, number]>(
        'com.example.add',
        map(({ args: [a, b] }) => a + b),
      ),
    );
    while (add.values.length === 0) await turn();
    await firstValueFrom(client.call('com.example.add', [1, 2], { token: 'abc' }));
    await client.close();
    const id = add.values[0]!.id;
    expect(lines.filter((line) => !/HELLO|WELCOME/.test(line))).toEqual([
      '· open, wamp.2.json',
      '→ REGISTER 1 com.example.add',
      `← REGISTERED 1 ${id}`,
      '→ CALL 2 com.example.add [1, 2] {token: ***}',
      `← INVOCATION 1 ${id} [1, 2] {token: ***}`,
      '→ YIELD 1 [3]',
      '← RESULT 2 [3]',
      '→ GOODBYE wamp.close.close_realm',
      '← GOODBYE wamp.close.goodbye_and_out',
      '· left',
    ]);
  });
});
