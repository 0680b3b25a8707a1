// Where a router may be and how it may ask who is there: TLS with certificates on both sides, IPv6, a unix socket; each with a login.
import { ConnectionError, type SocketOptions } from 'rxwamp';
import { ticket, wampcra } from 'rxwamp/auth';
import { map } from 'rxjs';
import { CERTIFICATE, KEY } from '../../src/testing/crossbar/certificate.ts';
import type { Place, PlaceName } from '../places.ts';
import { LOGINS } from '../routers.ts';
import { equal, holds, sentence, type Context, type Scenario } from '../scenario.ts';
import type { Target } from '../target.ts';

/** Two clients join there; one is called by the other, and hears its event. */
async function meet(context: Context, { url, tls }: Place): Promise<void> {
  const options = { url, realm: 'login', ...(tls && { socket: tls }) };
  const callee = context.plain({ ...options, auth: [ticket(LOGINS.ticket)] });
  const caller = context.plain({ ...options, auth: [wampcra(LOGINS.wampcraSalted)] });
  equal((await context.first('a session', callee.sessions)).details['authid'], LOGINS.ticket.authid, 'the authid by ticket');
  equal((await context.first('a session', caller.sessions)).details['authid'], LOGINS.wampcraSalted.authid, 'the authid by wampcra');
  const [double, topic] = [context.uri('double'), context.uri('topic')];
  await context.serve(
    callee.register(
      double,
      map(({ value }) => 2 * (value as number)),
    ),
  );
  equal((await context.first('RESULT', caller.call(double, [21]))).value, 42, 'the result');
  const seen = await context.listen(callee.topic(topic), callee.subscribed(topic));
  await context.first('PUBLISHED', caller.publish(topic, ['hello'], undefined, { acknowledge: true }));
  await context.until('the event', () => seen.values.length > 0);
  equal(seen.values[0]!.value, 'hello', 'the event');
}

/** Who does not trust the router, or is not trusted by it, is told what to give. */
async function mutualTls(context: Context, place: Place): Promise<void> {
  await meet(context, place);
  const { ca, cert, key } = place.tls!;
  for (const [socket, told] of [
    [{ ca }, 'asks for a certificate of the client: give it in the options cert and key'],
    [{ cert, key }, 'has a certificate that no known authority signed'],
    [{ cert, key }, 'give its authority in the option ca'],
    [{ ca, cert: CERTIFICATE, key: KEY }, 'does not trust the certificate of the client'],
  ] as readonly (readonly [SocketOptions, string])[]) {
    const client = context.plain({ url: place.url, realm: 'login', auth: [ticket(LOGINS.ticket)], socket, maxAttempts: 1 });
    const error = await context.failure('a link without trust', client.sessions);
    holds(error instanceof ConnectionError, `a ConnectionError must come, not ${String(error)}`);
    sentence(error, place.url, told);
  }
}

function placed(name: PlaceName, run: (context: Context, place: Place) => Promise<void>): Scenario {
  const at = ({ places }: Target): Place | string => places?.[name] ?? 'only Crossbar.io is asked to listen there';
  return {
    name,
    skip: (target) => {
      const place = at(target);
      return typeof place === 'string' ? place : undefined;
    },
    run: (context) => run(context, at(context.target) as Place),
  };
}

export const scenarios: readonly Scenario[] = [placed('mutual-tls', mutualTls), placed('ipv6', meet), placed('unix-socket', meet)];
