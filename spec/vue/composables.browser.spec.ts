import { defer, of, scan, throwError } from 'rxjs';
import { createApp, effectScope, h, nextTick, onMounted, reactive, ref, shallowRef, watch } from 'vue';
import type { Event } from '../../src/index.ts';
import { provideWamp, type StreamRefs, useCall, useStatus, useStream, useTopic, useWamp } from '../../src/vue/index.ts';
import { behind, held, NEWS, published, SLOW, slow, staged, until } from '../front-ends/stage.ts';
import { Call, page, reading, scoped, takenOver, Topic } from './page.ts';

class Order {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

describe('rxwamp/vue', () => {
  describe('useTopic', () => {
    it('is one SUBSCRIBE for three readers, and none after they are gone', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: NEWS }, 3);
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'extra');
      await until(shown.text, 'extra.extra.extra.');
      expect(kit.recordingOf(kit.clients[0]).sent('SUBSCRIBE').length).toBe(1);
      shown.unmount();
      await until(() => kit.router.counts().subscriptions, 0);
      await until(() => held(kit.clients[0]), [0, 0, 0]);
    });

    it('keeps the subscription while a component is mounted a second time', async () => {
      const kit = await staged();
      page(kit.clients[0], Topic, { uri: NEWS });
      await kit.subscribed(NEWS);
      const second = page(kit.clients[0], Topic, { uri: NEWS });
      second.unmount();
      const third = page(kit.clients[0], Topic, { uri: NEWS });
      await published(kit, NEWS, 'still here');
      await until(third.text, 'still here.');
      expect(kit.recordingOf(kit.clients[0]).sent('SUBSCRIBE').length).toBe(1);
      expect(kit.recordingOf(kit.clients[0]).sent('UNSUBSCRIBE')).toEqual([]);
    });

    it('goes over to another topic with its input, without what the old one told', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: NEWS });
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'old');
      await until(shown.text, 'old.');
      shown.show({ uri: 'com.example.sports' });
      await kit.subscribed('com.example.sports');
      expect(shown.text()).toBe('nothing.');
      await until(() => kit.router.subscriptions('realm1').map(({ uri }) => uri), ['com.example.sports']);
    });

    it('subscribes to nothing without a topic', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic);
      await until(shown.text, 'nothing.');
      expect(kit.clients[0].inspect().topics).toEqual([]);
    });

    it('has a wrong topic as its error, and throws nothing', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: 'not a uri' });
      await until(shown.text, 'TypeError.');
      shown.show({ uri: NEWS });
      await kit.subscribed(NEWS);
      expect(shown.text()).toBe('nothing.');
    });

    it('ends with its client', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: NEWS });
      await kit.subscribed(NEWS);
      await kit.clients[0].close();
      await until(shown.text, 'nothing, the end.');
    });

    it('goes on over a lost connection', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: NEWS });
      await kit.subscribed(NEWS);
      await kit.cut();
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'back');
      await until(shown.text, 'back.');
    });

    it('lives as long as an effect scope outside of components', async () => {
      const kit = await staged();
      const app = createApp({ render: () => undefined });
      provideWamp(kit.clients[0], app);
      const scope = effectScope();
      behind(() => scope.stop());
      const { latest } = app.runWithContext(() => scope.run(() => useTopic<[string]>(ref(NEWS)))!);
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'in a store');
      await until(() => latest.value?.value, 'in a store');
      scope.stop();
      await until(() => kit.router.counts().subscriptions, 0);
    });

    it('lives as long as a detached scope that a component was the first to need', async () => {
      const kit = await staged();
      const scope = effectScope(true);
      behind(() => scope.stop());
      let news: StreamRefs<Event<[string]>> | undefined;
      const shown = page(
        kit.clients[0],
        reading(() => {
          news ??= scope.run(() => useTopic<[string]>(NEWS))!;
          return () => 'shown';
        }),
      );
      await kit.subscribed(NEWS);
      shown.unmount();
      await published(kit, NEWS, 'still here');
      await until(() => news?.latest.value?.value, 'still here');
      expect(kit.recordingOf(kit.clients[0]).sent('UNSUBSCRIBE')).toEqual([]);
      scope.stop();
      await until(() => kit.router.counts().subscriptions, 0);
    });

    it('begins at once in a component that is on the page already, and ends with it', async () => {
      const kit = await staged();
      const shown = page(
        kit.clients[0],
        reading(() => {
          const latest = shallowRef<string>();
          onMounted(() => {
            const news = useTopic<[string]>(NEWS);
            watch(news.latest, (event) => (latest.value = event?.value));
          });
          return () => latest.value ?? 'nothing';
        }),
      );
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'late');
      await until(shown.text, 'late');
      shown.unmount();
      await until(() => kit.router.counts().subscriptions, 0);
    });
  });

  describe('useCall', () => {
    it('has progress, then the result, then is done', async () => {
      const kit = await staged();
      const { calls, answers } = await slow(kit);
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls, [[1]]);
      answers.next('half');
      await until(shown.text, 'half.');
      answers.next('whole');
      answers.complete();
      await until(shown.text, 'whole, the end.');
      expect(kit.recordingOf(kit.clients[0]).sent('CALL').length).toBe(1);
    });

    it('cancels the call before when an input changes, and only then', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const shown = page(kit.clients[0], Call, { inputs: [{ id: 1 }], kwargs: { deep: [1] } });
      await until(() => calls.length, 1);
      shown.show({ inputs: [{ id: 1 }], kwargs: { deep: [1] } });
      await until(shown.text, 'nothing.');
      expect(calls.length).toBe(1);
      shown.show({ kwargs: { deep: [2] } });
      await until(() => [calls.length, cancelled.length], [2, 1]);
      expect(kit.recordingOf(kit.clients[0]).sent('CANCEL').length).toBe(1);
    });

    it('takes what is compared by identity, and calls again only when something changes that made it', async () => {
      const kit = await staged();
      const { calls } = await slow(kit);
      const id = ref(1);
      const other = ref(1);
      const shown = page(
        kit.clients[0],
        reading(() => {
          const order = useCall<string>(SLOW, () => [new Order(id.value)]);
          const refused = useCall(SLOW, () => [new Map([[id.value, other.value]])]);
          return () => `${order.error.value?.name ?? 'fine'}, ${String(refused.error.value?.name)}`;
        }),
      );
      await until(() => calls, [[{ id: 1 }]]);
      await until(shown.text, 'fine, TypeError');
      other.value = 2;
      await nextTick();
      id.value = 2;
      await until(() => calls, [[{ id: 1 }], [{ id: 2 }]]);
    });

    it('follows what is written into a reactive list', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const args = reactive([{ id: 1 }]);
      page(
        kit.clients[0],
        reading(() => {
          const { latest } = useCall<string>(SLOW, args);
          return () => latest.value?.value ?? 'nothing';
        }),
      );
      await until(() => calls, [[{ id: 1 }]]);
      args[0]!.id = 2;
      await until(() => calls, [[{ id: 1 }], [{ id: 2 }]]);
      await until(() => cancelled, [[{ id: 1 }]]);
    });

    it('cancels when the component goes, and when there is nothing to call any more', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls.length, 1);
      shown.show({ inputs: undefined });
      await until(() => cancelled, [[1]]);
      shown.show({ inputs: [2] });
      await until(() => calls.length, 2);
      shown.unmount();
      await until(() => cancelled, [[1], [2]]);
      await until(() => held(kit.clients[0]), [0, 0, 0]);
    });

    it('calls again with the same inputs by reload, cancels the call that runs, and forgets what it told', async () => {
      const kit = await staged();
      const { calls, cancelled, answers } = await slow(kit);
      await kit.session();
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls, [[1]]);
      answers.next('half');
      await until(shown.text, 'half.');
      shown.click();
      await until(() => [calls, cancelled], [[[1], [1]], [[1]]]);
      expect(shown.text()).toBe('nothing.');
      answers.next('whole');
      answers.complete();
      await until(shown.text, 'whole, the end.');
      shown.click();
      await until(shown.text, 'nothing, the end.');
      expect([calls.length, cancelled.length]).toEqual([3, 1]);
    });

    it('has the error of the call in its state', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(shown.text, 'ApplicationError.');
    });
  });

  describe('useStream', () => {
    it('keeps every event in what it gathers, however many come between two renders', async () => {
      const kit = await staged();
      const shown = page(
        kit.clients[0],
        reading(() => {
          const { latest } = useStream((wamp) => wamp.topic<[string]>(NEWS).pipe(scan((all: string[], { value }) => [...all, value], [])));
          return () => latest.value?.join(' ') ?? '';
        }),
      );
      await kit.subscribed(NEWS);
      const numbers = Array.from({ length: 100 }, (_, i) => String(i));
      for (const number of numbers) kit.clients[1].publish(NEWS, [number]).subscribe({ error: fail });
      await until(shown.text, numbers.join(' '));
    });

    it('subscribes again by reload, even to a stream that is always the same one', async () => {
      const kit = await staged();
      let subscribed = 0;
      const counted = defer(() => of(++subscribed));
      const shown = page(
        kit.clients[0],
        reading(() => {
          const { latest, reload } = useStream(() => counted);
          return () => h('button', { onClick: reload }, String(latest.value));
        }),
      );
      await until(shown.text, '1');
      shown.click();
      await until(shown.text, '2');
    });

    it('has what is no Error as one', async () => {
      const kit = await staged();
      const shown = page(
        kit.clients[0],
        reading(() => {
          // eslint-disable-next-line rxjs-x/throw-error -- what a stream of somebody else may do
          const { error } = useStream(() => throwError(() => 'a text'));
          return () => error.value?.message ?? 'fine';
        }),
      );
      await until(shown.text, 'a text');
    });
  });

  describe('useStatus', () => {
    it('has the state at once, and opens nothing', async () => {
      const kit = await staged();
      const seen: string[] = [];
      const State = reading(() => {
        const status = useStatus();
        return () => {
          seen.push(status.value.state);
          return status.value.state;
        };
      });
      const shown = page(kit.clients[0], State);
      await until(shown.text, 'idle');
      const holding = kit.clients[0].sessions.subscribe({ error: fail });
      await until(shown.text, 'open');
      const before = seen.length;
      const late = page(kit.clients[0], State);
      await until(late.text, 'open');
      expect(new Set(seen.slice(before))).toEqual(new Set(['open']));
      holding.unsubscribe();
      await until(shown.text, 'idle');
    });

    for (const [where, stored] of [
      ['component', (ask: () => unknown) => ask()],
      ['store that one was the first to need', (ask: () => unknown) => scoped(ask)],
    ] as const)
      it(`says in a ${where} first what the server said, and the truth behind it, when a page is taken over`, async () => {
        const kit = await staged();
        await kit.session();
        const seen: string[] = [];
        const State = reading(() => {
          const status = stored(useStatus) as ReturnType<typeof useStatus>;
          return () => {
            seen.push(status.value.state);
            return `it is ${status.value.state}`;
          };
        });
        const shown = await takenOver(kit.clients[1], kit.clients[0], State);
        expect(shown.html).toBe('it is idle');
        await until(shown.text, 'it is open');
        expect(seen).toEqual(['idle', 'idle', 'open']);
        expect(shown.warnings).toEqual([]);
      });
  });

  describe('provideWamp', () => {
    it('gives another client to a component and all below it', async () => {
      const kit = await staged();
      const [one, other] = kit.clients;
      const found: unknown[] = [];
      const Below = reading(() => {
        found.push(useWamp());
        return () => '';
      });
      page(one, {
        setup: () => {
          provideWamp(other);
          return () => h(Below);
        },
      });
      page(one, Below);
      expect(found.map((client) => client === other)).toEqual([true, false]);
    });

    it('is what useWamp asks for where it is missing', () => {
      const app = createApp({ render: () => undefined });
      const sentence = 'no WAMP client here: provideWamp(client, app) gives one to the app';
      expect(() => app.runWithContext(() => useWamp())).toThrowError(TypeError, sentence);
    });
  });
});
