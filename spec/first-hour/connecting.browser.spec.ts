// The first hour on a page: a browser does not tell why a socket did not open, so the sentence names what it may be.
import { met, retried } from './met.ts';

describe('The first hour: connecting from a page', () => {
  it('the router is down', async () => {
    // The last port that is given to nobody by chance.
    const url = 'ws://127.0.0.1:49151/ws';
    const sentence = `${url} could not be opened: nothing listens there, its certificate or this origin is refused, or it is no WAMP router that speaks wamp.2.json`;
    expect(await met({ url })).toEqual(retried(sentence));
  });
});
