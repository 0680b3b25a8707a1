// Who may do what: realms that refuse, logins, topics and procedures that are denied, messages that are too large.
import { ApplicationError, ConnectionError, isWampError, JoinError, type Client, type Login, type Status } from 'rxwamp';
import { anonymous, ticket, wampcra } from 'rxwamp/auth';
import { map } from 'rxjs';
import { LOGINS } from '../routers.ts';
import { equal, holds, sentence, type Context, type Scenario } from '../scenario.ts';
import { CALL } from '../wire.ts';

async function refusedRealms(context: Context): Promise<void> {
  for (const [realm, options] of [
    ['no.such.realm', {}],
    ['login', { url: context.target.loginUrl }],
  ] as const) {
    const client = context.plain({ ...options, realm });
    const states = context.watch(client.status);
    const error = await context.failure(`realm ${realm}`, client.topic(context.uri('topic')));
    holds(error instanceof JoinError, `a JoinError must come, not ${String(error)}`);
    sentence(error, realm, error.uri);
    const last = states.values.at(-1) as Status;
    equal([last.state, 'reason' in last && last.reason], ['closed', error], 'the last status');
    equal(states.values.filter(({ state }) => state === 'connecting').length, 1, 'the attempts');
    const call = await context.failure(`a call in realm ${realm}`, client.call(context.uri('procedure')));
    holds(call instanceof JoinError, `the next attempt must end the same way, not with ${String(call)}`);
  }
}

async function logins(context: Context): Promise<void> {
  const options = { url: context.target.loginUrl, realm: 'login' };
  const { wampcraSalted } = LOGINS;
  for (const [auth, authid] of [
    [[ticket(LOGINS.ticket)], LOGINS.ticket.authid],
    [[wampcra(LOGINS.wampcra)], LOGINS.wampcra.authid],
    [[wampcra({ authid: wampcraSalted.authid, secret: () => Promise.resolve(wampcraSalted.secret) })], wampcraSalted.authid],
  ] as const) {
    const client = context.plain({ ...options, auth });
    equal((await context.first('the session', client.sessions)).details['authid'], authid, 'the authid');
    await context.first('a publication', client.publish(context.uri('topic'), ['in'], undefined, { acknowledge: true }));
  }
  for (const [auth, authid] of [
    [[ticket({ ...LOGINS.ticket, ticket: 'hush-hush' })], LOGINS.ticket.authid],
    [[wampcra({ ...LOGINS.wampcra, secret: 'hush-hush' })], LOGINS.wampcra.authid],
    [[wampcra({ ...wampcraSalted, secret: 'hush-hush' })], wampcraSalted.authid],
    [[ticket({ authid: 'nobody', ticket: 'hush-hush' })], 'nobody'],
    [[wampcra({ authid: 'nobody', secret: 'hush-hush' })], 'nobody'],
  ] as const) {
    const error = await context.failure('a wrong login', context.plain({ ...options, auth }).sessions);
    holds(error instanceof JoinError, `a JoinError must come, not ${String(error)}`);
    sentence(error, authid, 'login', error.uri);
    holds(!error.message.includes('hush-hush'), 'the error tells the secret');
  }
}

/** A router takes the first method that its realm has, and does not try the next one when that login is refused. */
async function severalLogins(context: Context): Promise<void> {
  const cora = wampcra(LOGINS.wampcra);
  const wrong = ticket({ authid: LOGINS.wampcra.authid, ticket: 'hush-hush' });
  const client = (auth: readonly Login[]): Client => context.plain({ url: context.target.loginUrl, realm: 'login', auth });
  for (const auth of [
    [cora, wrong],
    [anonymous(), cora],
  ]) {
    const { details } = await context.first('the session', client(auth).sessions);
    equal([details['authid'], details['authmethod']], [LOGINS.wampcra.authid, 'wampcra'], 'who came in, and how');
  }
  const error = await context.failure('the first login', client([wrong, cora]).sessions);
  holds(error instanceof JoinError, `a JoinError must come, not ${String(error)}`);
  sentence(error, LOGINS.wampcra.authid, error.uri);
}

async function denied(context: Context): Promise<void> {
  const [client, other] = [context.client({ realm: 'restricted' }), context.client({ realm: 'restricted' })];
  const uri = `forbidden.${context.uri('thing')}`;
  for (const [what, stream] of [
    ['subscribe', client.topic(uri)],
    ['subscribed', client.subscribed(uri)],
    ['call', client.call(uri, [1])],
    [
      'register',
      client.register(
        uri,
        map(() => 1),
      ),
    ],
    ['publish', client.publish(uri, [1], undefined, { acknowledge: true })],
  ] as const) {
    const error = await context.failure(what, stream);
    holds(error instanceof ApplicationError, `an ApplicationError must come, not ${String(error)}`);
    sentence(error, uri, error.uri);
    holds(error.uri.includes('author'), `the URI must tell of authorization: ${error.uri}`);
  }
  const allowed = `com.allowed.${context.uri('thing')}`;
  const seen = await context.listen(other.topic(allowed), other.subscribed(allowed));
  await context.first('PUBLISHED', client.publish(allowed, ['allowed'], undefined, { acknowledge: true }));
  await context.until('an allowed event', () => seen.values.length === 1);
}

async function ownLimit(context: Context): Promise<void> {
  const { client: small, wire } = context.recorded({ maxMessageBytes: 4096 });
  const large = context.client();
  const [echo, topic] = [context.uri('echo'), context.uri('topic')];
  await context.serve(
    large.register(
      echo,
      map(({ value }) => 'x'.repeat(value as number)),
    ),
  );
  equal((await context.first('a small answer', small.call(echo, [1000]))).value, 'x'.repeat(1000), 'a small answer');
  const calls = wire.sent(CALL).length;
  const refused = await context.failure('a large call', small.call(echo, ['x'.repeat(5000)]));
  holds(isWampError(refused, 'wamp.error.payload_size_exceeded'), `the size must be refused, not ${String(refused)}`);
  sentence(refused, '4096');
  equal([wire.sent(CALL).length, wire.links.length], [calls, 1], 'calls and links after a refusal');

  const listening = await context.listen(small.topic(topic), small.subscribed(topic));
  const lost = await context.failure('a large answer', small.call(echo, [5000]));
  holds(lost instanceof ConnectionError && lost.sent, `a ConnectionError with sent must come, not ${String(lost)}`);
  await context.listen(small.topic(topic), small.subscribed(topic));
  await context.first('PUBLISHED', large.publish(topic, ['back'], undefined, { acknowledge: true }));
  await context.until('an event on the next link', () => listening.values.length === 1);
  equal(wire.links.length, 2, 'the links');
}

async function routerLimit(context: Context): Promise<void> {
  const { client, wire } = context.recorded({ url: context.target.smallUrl! });
  const large = context.client();
  const [echo, answer, topic] = [context.uri('echo'), context.uri('answer'), context.uri('topic')];
  await context.serve(
    client.register(
      echo,
      map(({ value }) => value),
    ),
  );
  const listening = await context.listen(client.topic(topic), client.subscribed(topic));
  await context.serve(
    large.register(
      answer,
      map(({ value }) => 'x'.repeat(value as number)),
    ),
  );

  // What is too large for the receiver must not cost it its link.
  await context.first('PUBLISHED', large.publish(topic, ['x'.repeat(5000)], undefined, { acknowledge: true }));
  await context.first('PUBLISHED', large.publish(topic, ['small'], undefined, { acknowledge: true }));
  await context.until('the small event', () => listening.values.length === 1);
  equal(listening.values[0]?.value, 'small', 'the event that fits');
  const tooLarge = await context.failure('a large answer', client.call(answer, [5000], undefined, { timeoutMs: 5000 }));
  holds(tooLarge instanceof ApplicationError, `an ApplicationError must come, not ${String(tooLarge)}`);
  equal(wire.links.length, 1, 'the links before a large message');

  const lost = await context.failure('a large call', client.call(answer, ['x'.repeat(5000)]));
  holds(lost instanceof ConnectionError && lost.sent, `a ConnectionError with sent must come, not ${String(lost)}`);
  sentence(lost);
  equal((await context.first('a call on the next link', client.call(echo, ['back']))).value, 'back', 'its answer');
  equal(wire.links.length, 2, 'the links');
}

export const scenarios: readonly Scenario[] = [
  { name: 'refused-realms', run: refusedRealms },
  { name: 'login', run: logins },
  { name: 'several-logins', run: severalLogins },
  { name: 'denied', skip: ({ authorizes }) => (authorizes ? undefined : 'this router denies nothing'), run: denied },
  { name: 'limit-of-the-client', run: ownLimit },
  {
    name: 'limit-of-the-router',
    skip: ({ smallUrl }) => (smallUrl === undefined ? 'this router has no limit for messages' : undefined),
    run: routerLimit,
  },
];
