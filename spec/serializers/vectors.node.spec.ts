// The official test vectors (github.com/wamp-proto/wamp-proto, `testsuite/`), read from beside the project and not copied into it.
// Where they are absent the specs say so and are pending.
// Source: the vectors' SCHEMA.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../src/protocol/validate.ts';
import { json } from '../../src/serializers/json.ts';
import { msgpack } from '../../src/serializers/msgpack.ts';
import { bytes, decoded, hex } from './support.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/vectors/wamp-proto');

interface Variant {
  readonly bytes?: string;
  readonly bytes_hex?: string;
}
interface Sample {
  readonly description: string;
  readonly serializers?: Readonly<Record<string, readonly Variant[]>>;
  readonly expected_attributes?: Readonly<Record<string, unknown>>;
  readonly wmsg?: readonly unknown[];
  readonly expected_error?: { readonly contains?: string };
}
interface VectorFile {
  readonly wamp_message_type: string;
  readonly wamp_message_code: number;
  readonly samples?: readonly Sample[];
}

// The payload form that Crossbar.io had before payload passthru mode: binary in the place of the arguments.
// The serializers carry it, and the validator lets it pass as binary; these write it as hexadecimal text, which is no payload.
const LEGACY_TEXT: Readonly<Record<string, string>> = {
  'PUBLISH 39': 'well-formed there, with text in the place of the arguments',
  'PUBLISH 40': 'refused there for enc_algo, which we do not read, and here for its arguments',
  'PUBLISH 41': 'well-formed there, with text in the place of the arguments',
  'EVENT 22': 'well-formed there, with text in the place of the arguments',
  'EVENT 23': 'refused there for enc_algo, which we do not read, and here for its arguments',
  'EVENT 24': 'well-formed there, with text in the place of the arguments',
};
const LEGACY_BINARY: readonly string[] = ['PUBLISH 1', 'PUBLISH 3', 'EVENT 1', 'EVENT 3'];

// What the elements of a message are called in the vectors, where they are not called what the specification calls them.
const ELEMENTS: Readonly<Record<string, string>> = {
  HELLO: 'realm roles',
  WELCOME: 'session_id roles',
  ABORT: 'details reason args kwargs',
  CHALLENGE: 'method extra',
  AUTHENTICATE: 'signature extra',
  GOODBYE: 'details reason',
  ERROR: 'request_type request_id details error args kwargs',
  PUBLISH: 'request_id options topic args kwargs',
  PUBLISHED: 'request_id publication_id',
  SUBSCRIBE: 'request_id options topic',
  SUBSCRIBED: 'request_id subscription_id',
  UNSUBSCRIBE: 'request_id subscription_id',
  UNSUBSCRIBED: 'request_id',
  EVENT: 'subscription publication details args kwargs',
  EVENT_RECEIVED: 'publication_id',
  CALL: 'request_id options procedure args kwargs',
  CANCEL: 'request_id options',
  RESULT: 'request_id details args kwargs',
  REGISTER: 'request_id options procedure',
  REGISTERED: 'request_id registration_id',
  UNREGISTER: 'request_id registration_id',
  UNREGISTERED: 'request_id',
  INVOCATION: 'request_id registration_id details args kwargs',
  INTERRUPT: 'request_id options',
  YIELD: 'request_id options args kwargs',
};

/** The message of a sample's attributes: binary payload in the place of the arguments, and nothing that is absent at the end. */
function messageOf(type: string, code: number, attributes: Readonly<Record<string, unknown>>): unknown[] {
  const names = ELEMENTS[type]!.split(' ');
  const unnamed = Object.keys(attributes).filter((name) => !['message_type', 'payload', ...names].includes(name));
  expect(unnamed).withContext('attributes that the spec does not know').toEqual([]);
  const message: unknown[] = [code];
  for (const name of names) {
    const value = attributes[name];
    if (name === 'roles') message.push({ roles: value });
    else if (name === 'args' && typeof attributes['payload'] === 'string') message.push(bytes(attributes['payload']));
    else if (value !== undefined && value !== null) message.push(value);
  }
  return message;
}

const files = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json'))
      .sort()
      .map((path) => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as VectorFile)
      .filter(({ samples }) => samples !== undefined)
  : [];

describe('official vectors', () => {
  it('stand beside the project', () => {
    if (files.length === 0)
      pending('there is no ../shared/vectors/wamp-proto here: clone github.com/wamp-proto/wamp-proto there to run them');
    expect(files.length).toBeGreaterThan(0);
  });

  for (const { wamp_message_type: type, wamp_message_code: code, samples = [] } of files) {
    for (const [index, sample] of samples.entries()) {
      const { serializers, expected_attributes: attributes, wmsg, expected_error: refused } = sample;
      const name = `${type} ${index}`;

      if (serializers !== undefined && attributes !== undefined) {
        it(`${name}, JSON: every text decodes to the message, which encodes to one of them`, () => {
          const message = messageOf(type, code, attributes);
          const texts = serializers['json']!.map((variant) => variant.bytes ?? new TextDecoder().decode(bytes(variant.bytes_hex!)));
          for (const text of texts) expect(decoded(json(), text)).toEqual([message]);
          expect(texts).toContain(json().encode(message) as string);
        });

        it(`${name}, MessagePack: every frame decodes to the message, which encodes to one of them`, () => {
          const message = messageOf(type, code, attributes);
          const frames = serializers['msgpack']!.map((variant) => variant.bytes_hex!);
          for (const frame of frames) expect(decoded(msgpack(), bytes(frame))).toEqual([message]);
          expect(frames).toContain(hex(msgpack().encode(message)));
        });

        if (type === 'EVENT_RECEIVED') {
          it(`${name}: is not in the specification, and no message for the validator`, () => {
            expect(explain(messageOf(type, code, attributes))).toBe('a message must start with the code of a message type, not 337');
          });
        } else {
          it(`${name}: ${LEGACY_BINARY.includes(name) ? 'is well-formed, with binary in the place of its arguments' : 'is well-formed'}`, () => {
            expect(explain(messageOf(type, code, attributes))).toBeUndefined();
          });
        }
      }

      if (wmsg !== undefined) {
        const legacy = LEGACY_TEXT[name];
        if (legacy !== undefined) {
          it(`${name} (legacy payload: ${legacy})`, () => {
            expect(explain(wmsg)).toMatch(/^(PUBLISH|EVENT)\[4\] args must be a list, not a string$/);
          });
        } else if (refused !== undefined) {
          it(`${name}: is refused, ${sample.description}`, () => {
            expect(explain(wmsg)).toContain(refused.contains ?? type);
          });
        } else {
          it(`${name}: is well-formed, ${sample.description}`, () => {
            expect(explain(wmsg)).toBeUndefined();
          });
        }
      }
    }
  }
});
