// WAMP-CRA's arithmetic by known answers of our own: from RFC 4231 and from a second implementation (Python's hashlib).
import { deriveWampcraKey, signWampcra } from '../../src/auth/index.ts';

describe('signWampcra', () => {
  it('is HMAC-SHA256 in base64 (RFC 4231, test case 2)', async () => {
    expect(await signWampcra('Jefe', 'what do ya want for nothing?')).toBe('W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=');
  });

  it('takes key and challenge as UTF-8', async () => {
    expect(await signWampcra('schlüssel', '{"authid":"jürgen"}')).toBe('nQhB+sWj6cb2IDXQe8a1sQHY2LXxWANcGAsTw1+FSbo=');
  });
});

describe('deriveWampcraKey', () => {
  it('is PBKDF2-HMAC-SHA256 in base64, by default of 1000 rounds and 32 bytes', async () => {
    const expected = 'k3lmXVS4HBXCr7zZuCdnjEUSDwvtbtXGamW9KZogGQY=';
    expect(await deriveWampcraKey('geheim', { salt: 'prise' })).toBe(expected);
    expect(await deriveWampcraKey('geheim', { salt: 'prise', iterations: 1000, keylen: 32 })).toBe(expected);
  });

  it('takes other rounds and lengths', async () => {
    expect(await deriveWampcraKey('geheim', { salt: 'prise', iterations: 2, keylen: 20 })).toBe('QrXSRcvqyit3N/GLV8OGIiv29jE=');
  });

  for (const [name, salting] of [
    ['iterations', { iterations: 0 }],
    ['iterations', { iterations: 10_000_001 }],
    ['iterations', { iterations: 1.5 }],
    ['iterations', { iterations: '1000' as never }],
    ['keylen', { keylen: 0 }],
    ['keylen', { keylen: 1025 }],
  ] as const) {
    it(`refuses ${name} of ${String(Object.values(salting)[0])}, which a router may send to keep us busy`, async () => {
      await expectAsync(deriveWampcraKey('geheim', { salt: 'prise', ...salting })).toBeRejectedWithError(
        TypeError,
        new RegExp(`^${name} of WAMP-CRA must be a whole number from 1 to (10000000|1024), not `),
      );
    });
  }
});
