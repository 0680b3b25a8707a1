// Known answers for WAMP-CRA that other implementations publish, read from beside the project and not copied into it.
// Where they are absent the spec says so and is pending; cra.spec.ts has answers of our own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveWampcraKey, signWampcra, wampcra } from '../../src/auth/index.ts';

const FILE = join(import.meta.dirname, '../../../shared/vectors/auth.json');

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly secret: string;
  readonly key: string;
  readonly salt: string;
  readonly iterations: number;
  readonly keylen: number;
  readonly challenge: string;
  readonly intermediate_derived_key_b64: string;
  readonly expected_derived_key_b64: string;
  readonly expected_signature_b64: string;
}

async function holds(vector: Vector): Promise<void> {
  const { kind, secret, challenge, salt, iterations, keylen } = vector;
  if (kind === 'sign') {
    expect(await signWampcra(vector.key, challenge)).toBe(vector.expected_signature_b64);
    return;
  }
  const key = await deriveWampcraKey(secret, { salt, iterations, keylen });
  expect(key).toBe(kind === 'derive_key' ? vector.expected_derived_key_b64 : vector.intermediate_derived_key_b64);
  if (kind !== 'sign_salted') return;
  expect(await signWampcra(key, challenge)).toBe(vector.expected_signature_b64);
  const login = wampcra({ authid: 'peter', secret });
  expect(await login.answer({ challenge, salt, iterations, keylen }, await login.hello!())).toBe(vector.expected_signature_b64);
}

describe('WAMP-CRA vectors', () => {
  if (!existsSync(FILE)) {
    it('are beside the project', () => pending(`not found: ${FILE}`));
    return;
  }
  const { wampcra: vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly wampcra: readonly Vector[] };
  // The example of the specification tells no secret, so nobody can check it.
  const checked = vectors.filter(({ kind }) => kind !== 'example_only');
  it('are all of a kind that is known here', () => {
    expect(new Set(checked.map(({ kind }) => kind))).toEqual(new Set(['sign', 'derive_key', 'sign_salted', 'account_fixture']));
    expect(checked.length).toBeGreaterThan(6);
  });
  for (const vector of checked) it(`hold: ${vector.id}`, () => holds(vector));
});
