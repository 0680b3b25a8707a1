// A Session of one connection, as the comparison rig measures it.
import { map } from 'rxjs';
import { connect as join } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { Adapter, capabilities } from './adapter.mjs';

export const meta = { name: 'rxwamp', version: '0.1.0', serializers: ['json', 'msgpack'], caps: capabilities };

class SessionAdapter extends Adapter {
  register(uri, handle) {
    return super.register(uri, handle, map);
  }
}

export const connect = ({ url, realm, serializer }) =>
  new Promise((resolve, reject) => {
    const options = { url, realm, logger: false, ...(serializer === 'msgpack' ? { serializers: [msgpack()] } : {}) };
    const subscription = join(options).subscribe({
      next: (session) => {
        resolve(new SessionAdapter(session, () => Promise.resolve(subscription.unsubscribe())));
      },
      error: reject,
    });
  });
