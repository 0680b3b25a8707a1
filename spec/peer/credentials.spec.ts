import { wampcra } from '../../src/auth/index.ts';
import { Peer } from '../../src/peer/index.ts';
import { JoinError } from '../../src/index.ts';
import { adviceOf, loginsOf } from '../../src/peer/credentials.ts';

const methods = (authid: string | undefined, env: Record<string, string>): unknown =>
  loginsOf('Shop', undefined, authid, env)?.map((login) => [login.authmethod, login.hello?.()]);

describe('the credentials of a Peer', () => {
  it('come from the environment, for the user of the option or of RXWAMP_AUTHID', () => {
    expect(methods(undefined, { WAMPYSECRET: 'of another program' })).toBeUndefined();
    expect(methods('ada', { WAMPYSECRET: 's' })).toEqual([['wampcra', { authid: 'ada' }]]);
    expect(methods(undefined, { RXWAMP_AUTHID: 'ada', RXWAMP_TICKET: 't' })).toEqual([['ticket', { authid: 'ada' }]]);
    expect(methods('ada', { RXWAMP_AUTHID: 'bob', RXWAMP_SECRET: 's', RXWAMP_TICKET: 't' })).toEqual([
      ['wampcra', { authid: 'ada' }],
      ['ticket', { authid: 'ada' }],
    ]);
  });

  it('are those of auth where it is given', () => {
    const auth = [wampcra({ authid: 'eve', secret: 's' })];
    expect(loginsOf('Shop', auth, undefined, { RXWAMP_AUTHID: 'bob', RXWAMP_SECRET: 's' })).toBe(auth);
    expect(() => new Peer({ auth, authid: 'ada' })).toThrowError(
      TypeError,
      'Peer has both options authid and auth: the logins of auth name their users',
    );
  });

  it('are named where a router asks for a login, in Node', () => {
    const isNode = 'process' in globalThis;
    const advice = isNode ? '; or set RXWAMP_AUTHID, and RXWAMP_SECRET (or WAMPYSECRET) for WAMP-CRA or RXWAMP_TICKET for a ticket' : '';
    expect(adviceOf(new JoinError('wamp.error.no_matching_auth_method', 'refused'))).toBe(advice);
    expect(adviceOf(new JoinError('wamp.error.no_such_realm', 'refused'))).toBe('');
  });

  it('are missed at once, by the names of the variables', () => {
    expect(() => loginsOf('Shop', undefined, 'ada', {})).toThrowError(
      TypeError,
      'Shop has no secret for "ada": set RXWAMP_SECRET (or WAMPYSECRET) for WAMP-CRA or RXWAMP_TICKET for a ticket, or give the option auth instead of authid',
    );
  });
});
