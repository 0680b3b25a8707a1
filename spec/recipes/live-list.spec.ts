import { NEVER, Subject, switchMap } from 'rxjs';
import { type Change, changed, type Edit, type List, liveList, ownList, type Started } from '../../examples/recipes/live-list.ts';
import { CALL, ERROR, EVENT, type List as Message, RESULT, SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE } from '../../src/protocol/messages.ts';
import { type Clients, friendly, type Kit, type ScriptedLink, testing } from '../../src/testing/index.ts';
import { hear } from '../client/opened.ts';
import { marbles, type Stage } from '../client/setup.ts';
import { seen, UNANSWERED } from './stage.ts';

const AB: List = { epoch: 'one', seq: 7, items: { a: 'A', b: 'B' } };
/** What an owner that restarted has. */
const EMPTIED: List = { epoch: 'two', seq: 0, items: {} };

/** Runs a reader on a router that confirms everything and leaves the calls to the spec; what is shown has its own letters. */
function reading(draw: (stage: Stage & { readonly tell: (frame: number, ...messages: Message[]) => void }) => void): void {
  marbles((stage) => {
    const tell = (frame: number, ...messages: Message[]): void => stage.at(frame, () => stage.router.link.receive(...messages));
    draw(Object.assign(stage, { tell }));
  }, UNANSWERED);
}

// The session stands at 10, SUBSCRIBED comes at 15 with the id 101, and then goes the CALL, as request 2.
const snapshot = (list: List, request = 2): Message => [RESULT, request, {}, [list]];
const event = (seq: number, id: string, text?: string): Message => [
  EVENT,
  101,
  seq,
  {},
  [{ epoch: 'one', seq, id, ...(text !== undefined && { text }) }],
];
const started = (epoch: string): Message => [EVENT, 101, 1000, {}, [{ epoch }]];

describe('The recipe of a live list', () => {
  it('asks for the snapshot after SUBSCRIBED, and shows each change behind it', () => {
    reading(({ client, router, tell, at, expectObservable }) => {
      const lists = { s: AB, t: { epoch: 'one', seq: 8, items: { a: 'A', b: 'B2' } }, u: { epoch: 'one', seq: 9, items: { b: 'B2' } } };
      expectObservable(liveList(client()), '^ 59ms !').toBe('20ms s 9ms t 9ms u', lists);
      at(14, () => expect(router.log.map(([code]) => code)).not.toContain(CALL));
      at(16, () => expect(router.link.requests.map(([code]) => code)).toEqual([SUBSCRIBE, CALL]));
      tell(20, snapshot(AB));
      tell(30, event(8, 'b', 'B2'));
      tell(40, event(9, 'a'));
    });
  });

  it('drops a change that came before the snapshot and is in it', () => {
    reading(({ client, tell, expectObservable }) => {
      expectObservable(liveList(client()), '^ 59ms !').toBe('20ms s', { s: AB });
      tell(18, event(6, 'b', 'older'), event(7, 'b', 'B'));
      tell(20, snapshot(AB));
    });
  });

  it('keeps a change that overtook the snapshot that was made before it', () => {
    reading(({ client, tell, expectObservable }) => {
      expectObservable(liveList(client()), '^ 59ms !').toBe('20ms t', {
        t: { epoch: 'one', seq: 9, items: { a: 'A', b: 'B', c: 'C', d: 'D' } },
      });
      tell(18, event(7, 'b', 'B'), event(8, 'c', 'C'), event(9, 'd', 'D'));
      tell(20, snapshot(AB));
    });
  });

  it('drops what is published twice', () => {
    reading(({ client, tell, expectObservable }) => {
      const lists = { s: AB, t: { epoch: 'one', seq: 8, items: { b: 'B' } }, u: { epoch: 'one', seq: 9, items: { b: 'B', a: 'new' } } };
      expectObservable(liveList(client()), '^ 59ms !').toBe('20ms s 9ms t 9ms u', lists);
      tell(20, snapshot(AB));
      tell(30, event(8, 'a'), event(8, 'a'));
      tell(40, event(9, 'a', 'new'), event(8, 'a'));
    });
  });

  it('begins anew with a fresh snapshot where the numbers have a gap', () => {
    reading(({ client, router, tell, at, expectObservable }) => {
      const fresh = { epoch: 'one', seq: 9, items: { z: 'Z' } };
      expectObservable(liveList(client()), '^ 599ms !').toBe('20ms s 519ms f', { s: AB, f: fresh });
      tell(20, snapshot(AB));
      tell(30, event(9, 'z', 'Z'));
      // Half a second later, the topic was left meanwhile, and SUBSCRIBED comes first again.
      at(538, () => expect(router.link.requests.map(([code]) => code)).toEqual([SUBSCRIBE, CALL, UNSUBSCRIBE, SUBSCRIBE, CALL]));
      tell(540, snapshot(fresh, 5));
    });
  });

  it('shows what it knew while the link is down, and then a fresh snapshot in its place', () => {
    reading(({ client, router, tell, at, expectObservable }) => {
      const fresh = { epoch: 'two', seq: 3, items: { z: 'Z' } };
      expectObservable(liveList(client()), '^ 199ms !').toBe('20ms s 129ms f', { s: AB, f: fresh });
      tell(20, snapshot(AB));
      at(30, () => router.link.fail());
      tell(150, snapshot(fresh));
    });
  });

  it('asks again when the link broke before the snapshot came', () => {
    reading(({ client, router, tell, at, expectObservable }) => {
      expectObservable(liveList(client()), '^ 799ms !').toBe('560ms s', { s: AB });
      at(20, () => router.link.fail());
      tell(560, snapshot(AB));
    });
  });

  for (const uri of ['no_such_procedure', 'unavailable', 'canceled', 'cancelled']) {
    it(`waits for an owner who is not there at this moment: ${uri}`, () => {
      reading(({ client, tell, expectObservable }) => {
        expectObservable(liveList(client()), '^ 799ms !').toBe('540ms s', { s: AB });
        tell(20, [ERROR, CALL, 2, {}, `wamp.error.${uri}`]);
        tell(540, snapshot(AB, 5));
      });
    });
  }

  it('waits for an owner half a minute, and errors with what it was told last', () => {
    marbles(
      ({ client, router, at, expectObservable }) => {
        const absent = jasmine.objectContaining({ uri: 'wamp.error.no_such_procedure' });
        expectObservable(liveList(client())).toBe('30620ms #', undefined, absent);
        at(30_625, () => expect(router.link.requests.filter(([code]) => code === CALL).length).toBe(61));
      },
      {
        reply: (link, message) => {
          if (message[0] === CALL) link.receive([ERROR, CALL, message[1], {}, 'wamp.error.no_such_procedure']);
          else friendly(link, message);
        },
      },
    );
  });

  it('errors at once where waiting mends nothing', () => {
    for (const uri of ['com.example.error.secret', 'wamp.error.not_authorized', 'wamp.error.runtime_error'])
      reading(({ client, tell, expectObservable }) => {
        expectObservable(liveList(client())).toBe('20ms #', undefined, jasmine.objectContaining({ uri }));
        tell(20, [ERROR, CALL, 2, {}, uri]);
      });
    const refused = (link: ScriptedLink, message: Message): void => {
      if (message[0] === SUBSCRIBE) link.receive([ERROR, SUBSCRIBE, message[1], {}, 'wamp.error.not_authorized']);
      else friendly(link, message);
    };
    marbles(
      ({ client, expectObservable }) => {
        const error = jasmine.objectContaining({ uri: 'wamp.error.not_authorized' });
        expectObservable(liveList(client())).toBe('15ms #', undefined, error);
      },
      { reply: refused },
    );
  });

  it('begins anew when another owner has started, though nothing is edited', () => {
    reading(({ client, tell, expectObservable }) => {
      expectObservable(liveList(client()), '^ 599ms !').toBe('20ms s 519ms e', { s: AB, e: EMPTIED });
      tell(20, snapshot(AB));
      tell(30, started('two'));
      tell(540, snapshot(EMPTIED, 5));
    });
  });

  it('begins anew when another owner had started before the answer of the first one came', () => {
    reading(({ client, tell, expectObservable }) => {
      expectObservable(liveList(client()), '^ 599ms !').toBe('540ms e', { e: EMPTIED });
      tell(18, started('two'));
      tell(20, snapshot(AB));
      tell(540, snapshot(EMPTIED, 5));
    });
  });

  it('stays with its list when the same owner has registered again', () => {
    reading(({ client, router, tell, at, expectObservable }) => {
      expectObservable(liveList(client()), '^ 799ms !').toBe('20ms s', { s: AB });
      tell(18, started('one'));
      tell(20, snapshot(AB));
      tell(30, started('one'));
      at(799, () => expect(router.link.requests.map(([code]) => code)).toEqual([SUBSCRIBE, CALL]));
    });
  });

  it('ends when the client is closed, also with the snapshot under way', () => {
    reading(({ client, at, expectObservable }) => {
      const wamp = client();
      expectObservable(liveList(wamp)).toBe('518ms #', undefined, jasmine.objectContaining({ uri: 'wamp.error.client_closed' }));
      at(18, () => void wamp.close());
    });
  });

  it('shows what an owner has that restarted with nothing, though nothing is edited', async () => {
    await using kit = await testing({ clients: 2, client: { logger: false } });
    const [first, reader] = kit.clients;
    const edits = new Subject<Edit>();
    ownList(first, edits).subscribe({ error: fail });
    await kit.registered('com.example.list');
    edits.next({ id: 'a', text: 'A' });
    const shown = hear(liveList(reader));
    await seen('the list', () => shown.values.at(-1)?.items['a'] === 'A');
    await first.close();
    ownList(kit.client(), NEVER).subscribe({ error: fail });
    await seen('the empty list', () => Object.keys(shown.values.at(-1)!.items).length === 0);
    expect([shown.values.map(({ seq }) => seq), shown.errors] as unknown[]).toEqual([[1, 0], []]);
  });

  for (const [how, end] of Object.entries<(kit: Kit<Clients<2>>) => unknown>({
    'was cut off': (kit) => kit.cut(kit.clients[0]),
    'was closed': (kit) => kit.clients[0].close(),
  })) {
    it(`waits for the next owner when the one that was asked ${how} before it answered`, async () => {
      await using kit = await testing({ clients: 2, client: { logger: false } });
      const [silent, reader] = kit.clients;
      const never = silent.register(
        'com.example.list',
        switchMap(() => NEVER),
      );
      const holding = never.subscribe({ error: fail });
      await kit.registered('com.example.list');
      const shown = hear(liveList(reader));
      await seen('the call', () => kit.recordingOf(silent).received('INVOCATION').length === 1);
      await end(kit);
      holding.unsubscribe();
      await seen('what the router says', () => kit.recordingOf(reader).received('ERROR').length === 1);
      expect(kit.recordingOf(reader).received('ERROR')[0]![4]).toBe('wamp.error.canceled');
      await seen('that nobody is registered', () => kit.router.registrations(kit.realm).length === 0);
      ownList(kit.client(), NEVER).subscribe({ error: fail });
      await seen('the list', () => shown.values.length === 1);
      expect(shown.errors).toEqual([]);
    });
  }

  it('is exact in 300 random interleavings, with cuts, losses and repetitions', () => {
    const total = { early: 0, overtaken: 0, cuts: 0, gaps: 0, absent: 0, twice: 0, restarts: 0 };
    for (let seed = 1; seed <= 300; seed++) interleaved(seed, total);
    // Each of the troubles has come, and often.
    for (const [name, count] of Object.entries(total)) expect(count).withContext(name).toBeGreaterThan(50);
  });

  it('is exact when owner and reader are cut off and the router is killed at random', async () => {
    await Promise.all([1, 2, 3, 4, 5, 6].map(killed));
  }, 30_000);
});

/** A sequence that is the same for the same seed; from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Edits of four items: one in four takes an item away. */
function editOf(random: () => number, text: string): Edit {
  const id = 'abcd'[Math.floor(random() * 4)]!;
  return random() < 0.25 ? { id } : { id, text };
}

/** One run in virtual time: the owner and the router are the spec's own, and every delay, cut and loss comes from the seed. */
function interleaved(seed: number, total: Record<'early' | 'overtaken' | 'cuts' | 'gaps' | 'absent' | 'twice' | 'restarts', number>): void {
  const random = randomOf(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const context = `seed ${seed}`;
  let truth: List = { epoch: 'owner 0', seq: 0, items: {} };
  const versionOf = ({ epoch, seq }: List): string => `${epoch}, change ${seq}`;
  const history = new Map([[versionOf(truth), truth.items]]);
  /** Who is subscribed at the broker, with the id. */
  const subscribed = new Map<ScriptedLink, number>();
  const asking = new Map<ScriptedLink, { isMade: boolean; made: number }>();
  /** What the broker has said last to each link, by time: it keeps its order, and the dealer does not wait for it. */
  const queues = new Map<unknown, number>();
  let results = 0;
  let stage: Stage;

  const inOrder = (queue: unknown, most: number, task: () => void): void => {
    const due = Math.max(queues.get(queue) ?? 0, stage.scheduler.frame + upTo(most));
    queues.set(queue, due);
    stage.in(due - stage.scheduler.frame, task);
  };
  const deliver = (link: ScriptedLink, id: number, news: Started | Change): void =>
    inOrder(link, 15, () => {
      const asked = asking.get(link);
      if (asked?.isMade === true && 'seq' in news && news.seq > asked.made) total.overtaken++;
      else if (asked) total.early++;
      link.receive([EVENT, id, 1, {}, [news]]);
    });
  const publish = (news: Started | Change, loses: boolean): void => {
    for (const [link, id] of subscribed) {
      if (loses && random() < 0.05) total.gaps++;
      else deliver(link, id, news);
      if (random() < 0.1) {
        total.twice++;
        deliver(link, id, news);
      }
    }
  };
  const change = (loses: boolean): void => {
    const made: Change = { ...editOf(random, `text ${truth.seq + 1}`), epoch: truth.epoch, seq: truth.seq + 1 };
    truth = changed(truth, made);
    history.set(versionOf(truth), truth.items);
    inOrder('publisher', 15, () => publish(made, loses));
  };
  const restart = (loses: boolean): void => {
    truth = { epoch: `owner ${++total.restarts}`, seq: 0, items: {} };
    history.set(versionOf(truth), truth.items);
    inOrder('publisher', 15, () => publish({ epoch: truth.epoch }, loses));
  };
  const reply = (link: ScriptedLink, message: Message): void => {
    const [code, request] = message as [number, number];
    if (code === SUBSCRIBE) {
      // The dealer may be faster.
      inOrder(link, 30, () => {
        subscribed.set(link, 100 + request);
        link.receive([SUBSCRIBED, request, 100 + request]);
      });
    } else if (code === UNSUBSCRIBE) {
      subscribed.delete(link);
      inOrder(link, 15, () => friendly(link, message));
    } else if (code === CALL) {
      const asked = { isMade: false, made: 0 };
      asking.set(link, asked);
      stage.in(upTo(25), () => {
        const made = truth;
        Object.assign(asked, { isMade: true, made: made.seq });
        const isAbsent = random() < 0.15;
        stage.in(upTo(40), () => {
          if (asking.get(link) === asked) asking.delete(link);
          if (isAbsent) total.absent++;
          else results++;
          link.receive(isAbsent ? [ERROR, CALL, request, {}, 'wamp.error.no_such_procedure'] : [RESULT, request, {}, [made]]);
        });
      });
    } else friendly(link, message);
  };

  marbles(
    (played) => {
      stage = played;
      stage.fates = Array.from({ length: 20 }, () => (random() < 0.2 ? 'refuse' : 'join'));
      const shown: List[] = [];
      const reading = liveList(stage.client()).subscribe((list) => shown.push(list));
      for (let count = 0; count < 30; count++) stage.in(upTo(400), () => change(seed % 2 === 0));
      for (let count = upTo(2); count > 0; count--) stage.in(upTo(450), () => restart(seed % 2 === 0));
      for (let count = upTo(3); count > 0; count--)
        stage.in(10 + upTo(400), () => {
          total.cuts++;
          subscribed.delete(stage.router.link);
          stage.router.link.fail();
        });
      // Where nothing is lost, nothing is missing; what is lost shows at the next change.
      stage.at(19_000, () => {
        if (seed % 2 === 1) expect(shown.at(-1)).withContext(context).toEqual(truth);
      });
      stage.at(20_000, () => change(false));
      stage.at(40_000, () => {
        reading.unsubscribe();
        expect(shown.at(-1)).withContext(context).toEqual(truth);
        for (const list of shown)
          expect(list.items)
            .withContext(`${context}, ${versionOf(list)}`)
            .toEqual(history.get(versionOf(list))!);
        const leaps = shown.filter(({ epoch, seq }, index) => epoch !== shown[index - 1]?.epoch || seq !== shown[index - 1]!.seq + 1);
        expect(leaps.length).withContext(`${context}, what is not one change further`).toBeLessThanOrEqual(results);
      });
    },
    { reply },
  );
}

/** One run on the embedded router, in real time: both recipes, and every fault and its moment from the seed. */
async function killed(seed: number): Promise<void> {
  const random = randomOf(seed);
  await using kit = await testing({ clients: 2, client: { logger: false } });
  const [owner, reader] = kit.clients;
  const edits = new Subject<Edit>();
  const history: List['items'][] = [{}];
  const owning = hear(ownList(owner, edits));
  const shown = hear(liveList(reader));
  await seen('the first snapshot', () => shown.values.length > 0);
  const edit = (count: number): void => {
    for (; count > 0; count--) {
      const one = editOf(random, `text ${history.length}`);
      history.push(changed({ ...EMPTIED, items: history.at(-1)! }, { ...one, epoch: '', seq: 0 }).items);
      edits.next(one);
    }
  };
  for (let fault = 0; fault < 4; fault++) {
    edit(3);
    // In the middle of it: some of these are under way.
    for (let turns = Math.floor(random() * 8); turns > 0; turns--) await Promise.resolve();
    await trouble(kit, random(), () => edit(3));
    edit(3);
    await kit.session(reader);
  }
  edit(1);
  const first = shown.values[0]!.seq;
  await seen('the last change', () => shown.values.at(-1)!.seq === first + history.length - 1);
  for (const { seq, items } of shown.values)
    expect(items)
      .withContext(`seed ${seed}, change ${seq - first}`)
      .toEqual(history[seq - first]!);
  owning.leave();
  shown.leave();
  expect([...owning.errors, ...shown.errors]).toEqual([]);
}

async function trouble(kit: Kit<Clients<2>>, chance: number, meanwhile: () => void): Promise<void> {
  const [owner, reader] = kit.clients;
  if (chance < 0.5) {
    const killing = kit.kill();
    meanwhile();
    await killing;
    await kit.restart();
  } else {
    const cutting = kit.cut(chance < 0.75 ? owner : reader);
    meanwhile();
    await cutting;
  }
}
