// Payloads of requests that have to wait for a session.
import { Client } from '../../src/client/client.ts';

describe('A client without a session', () => {
  it('I1 refuses what cannot be sent when it is subscribed, and does not let it wait', () => {
    const client = new Client({ transport: () => ({ unsubscribe: () => undefined }), logger: false });
    const errors: unknown[] = [];
    const observer = {
      error: (error: unknown) => {
        errors.push(String(error));
      },
    };
    client.call('com.example.add', [() => 1]).subscribe(observer);
    client.publish('com.example.news', [], { f: Symbol('s') }).subscribe(observer);
    expect(errors).toEqual([
      'TypeError: call of com.example.add: args[0] is a function and cannot be sent: send data',
      'TypeError: publish to com.example.news: kwargs.f is a symbol and cannot be sent: send data',
    ]);
    expect(client.inspect().waiting).toBe(0);
    expect(client.inspect().session).toBeUndefined();
  });
});
