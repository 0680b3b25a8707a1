// A page that uses every entry for pages: a login by MessagePack on a router of its own, where a service answers; and the router's procedure.
import { Client, json } from 'rxwamp';
import { wampcra } from 'rxwamp/auth';
import { contract } from 'rxwamp/contract';
import { msgpack } from 'rxwamp/msgpack';
import { Peer } from 'rxwamp/peer';
import { Router } from 'rxwamp/router';

const secret = 'her secret';
const router = new Router({ realms: [{ name: 'realm1', auth: { wampcra: { ada: { secret } } } }] });
const peer = await new Peer({ transport: router.transport({ serializer: msgpack() }), auth: [wampcra({ authid: 'ada', secret })] }).start();
const client = new Client({ url: new URLSearchParams(location.search).get('router'), serializers: [msgpack(), json()] });
const value = await contract(client).rpc.com.example.add(1, 2);
document.title = peer.session.id > 0 ? String(value) : 'no session';
