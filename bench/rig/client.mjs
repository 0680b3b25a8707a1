// A Client across connections, as the comparison rig measures it: the face that most users see.
import { map } from 'rxjs';
import { Client } from 'rxwamp';
import { msgpack } from 'rxwamp/msgpack';
import { Adapter, capabilities } from './adapter.mjs';

export const meta = { name: 'rxwamp-client', version: '0.1.0', serializers: ['json', 'msgpack'], caps: capabilities };

class ClientAdapter extends Adapter {
  register(uri, handle) {
    return super.register(uri, handle, map);
  }
}

export const connect = ({ url, realm, serializer }) =>
  new Promise((resolve, reject) => {
    const client = new Client({ url, realm, logger: false, ...(serializer === 'msgpack' ? { serializers: [msgpack()] } : {}) });
    client.sessions.subscribe({ next: () => resolve(new ClientAdapter(client, () => client.close())), error: reject });
  });
