import * as React from 'react';
import { type ComponentProps, createElement, Fragment, type FunctionComponent, type ReactElement, StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { defer, of, scan, Subject, throwError } from 'rxjs';
import { Client } from '../../src/index.ts';
import { useCall, useStatus, useStream, useTopic, useWamp, WampProvider } from '../../src/react/index.ts';
import { behind, held, NEWS, published, SLOW, slow, staged, until } from '../front-ends/stage.ts';
import { Call, page, takenOver, times, Topic } from './page.ts';

interface Hiding {
  readonly mode: 'visible' | 'hidden';
}

/** Since React 19.2; before it a component can only be taken away. */
const { Activity } = React as Partial<typeof React>;
const Shown: FunctionComponent<Hiding & { readonly children: ReactElement }> = ({ mode, children }) =>
  Activity === undefined ? mode === 'visible' && children : createElement(Activity, { mode, children });

class Order {
  readonly id = 1;
}

/** What is compared by identity. */
const NOT_COMPARED: readonly (readonly [string, () => unknown])[] = [
  ['a Map', () => new Map()],
  ['a Set', () => new Set()],
  ['an instance of a class', () => new Order()],
  ['a view', () => new Float64Array(1)],
  ['a function', () => () => 1],
];

describe('rxwamp/react', () => {
  describe('useTopic', () => {
    it('is one SUBSCRIBE for three readers under the double mount of StrictMode, and none after they are gone', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], times(3, Topic), { uri: NEWS });
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'extra');
      await until(shown.text, 'extra.extra.extra.');
      expect(kit.recordingOf(kit.clients[0]).sent('SUBSCRIBE').length).toBe(1);
      shown.unmount();
      await until(() => kit.router.counts().subscriptions, 0);
      await until(() => held(kit.clients[0]), [0, 0, 0]);
      expect(kit.recordingOf(kit.clients[0]).sent('UNSUBSCRIBE').length).toBeLessThanOrEqual(1);
    });

    it('keeps the subscription for those that stay', async () => {
      const kit = await staged();
      const [first, second] = [1, 2].map(() => page(kit.clients[0], Topic, { uri: NEWS }));
      await kit.subscribed(NEWS);
      first!.unmount();
      await published(kit, NEWS, 'still here');
      await until(second!.text, 'still here.');
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
      const shown = page<{ readonly uri?: string }>(kit.clients[0], Topic, { uri: 'not a uri' });
      await until(shown.text, 'TypeError.');
      shown.show({});
      await until(shown.text, 'nothing.');
      await new Promise((resolve) => requestAnimationFrame(resolve));
      expect(shown.text()).toBe('nothing.');
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

    it('moves to another client of the provider', async () => {
      const kit = await staged();
      const shown = page(kit.clients[0], Topic, { uri: NEWS });
      await kit.subscribed(NEWS);
      const other = kit.client();
      shown.show({ uri: NEWS }, other);
      await until(() => [held(kit.clients[0])[0], held(other)[0]], [0, 1]);
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

    it('leaves while it is hidden, and begins anew afterwards', async () => {
      const kit = await staged();
      const Hidden: FunctionComponent<Hiding> = ({ mode }) => createElement(Shown, { mode, children: createElement(Topic, { uri: NEWS }) });
      const shown = page(kit.clients[0], Hidden, { mode: 'visible' });
      await kit.subscribed(NEWS);
      await published(kit, NEWS, 'before');
      await until(shown.text, 'before.');
      shown.show({ mode: 'hidden' });
      await until(() => kit.router.counts().subscriptions, 0);
      shown.show({ mode: 'visible' });
      await kit.subscribed(NEWS);
      await until(shown.text, 'nothing.');
    });
  });

  describe('useCall', () => {
    it('is one CALL under the double mount of StrictMode', async () => {
      const kit = await staged();
      const { calls, cancelled, answers } = await slow(kit);
      // With a session: a call that still waits for one would leave no trace when it is taken back.
      await kit.session();
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls, [[1]]);
      answers.next('half');
      await until(shown.text, 'half.');
      answers.next('whole');
      answers.complete();
      await until(shown.text, 'whole, the end.');
      expect([calls.length, cancelled.length]).toEqual([1, 0]);
      expect(kit.recordingOf(kit.clients[0]).sent('CALL').length).toBe(1);
    });

    it('cancels the call before when an input changes, and only then', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const shown = page(kit.clients[0], Call, { inputs: [{ id: 1 }], kwargs: { deep: [1] } });
      await until(() => calls.length, 1);
      shown.show({ inputs: [{ id: 1 }], kwargs: { deep: [1] } });
      shown.show({ inputs: [{ id: 1 }], kwargs: { deep: [2] } });
      await until(() => [calls.length, cancelled.length], [2, 1]);
      expect(kit.recordingOf(kit.clients[0]).sent('CANCEL').length).toBe(1);
    });

    it('takes bytes and dates that are written in place', async () => {
      const kit = await staged();
      const { calls } = await slow(kit);
      const shown = page(kit.clients[0], () => useCall<string>(SLOW, [new Uint8Array([1]), new Date(0)]).error?.name ?? 'fine', {});
      await until(() => calls.length, 1);
      expect(shown.text()).toBe('fine');
    });

    for (const [what, arg] of NOT_COMPARED) {
      for (const mode of [StrictMode, Fragment]) {
        it(`has ${what} that is written in place as its error, and no render without end (${mode === Fragment ? 'Fragment' : 'StrictMode'})`, async () => {
          const kit = await staged();
          const { calls, answers } = await slow(kit);
          let renders = 0;
          const InPlace: FunctionComponent = () => {
            renders++;
            return useCall<string>(SLOW, [arg()]).error?.message ?? 'fine';
          };
          const shown = page(kit.clients[0], InPlace, {}, mode);
          // It is found out when the component renders again: at once under StrictMode, else with what it shows.
          await until(() => renders > 0, true);
          shown.show({});
          await until(shown.text, 'an input is new in every render: keep it with useMemo');
          answers.next('not heard');
          for (let times = 0; times < 3; times++) shown.show({});
          await new Promise((resolve) => requestAnimationFrame(resolve));
          expect(renders).toBeLessThan(30);
          expect(calls.length).toBeLessThanOrEqual(1);
          await until(() => held(kit.clients[0]), [0, 0, 0]);
        });
      }
    }

    it('cancels when the component goes, and when there is nothing to call any more', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const shown = page<{ readonly inputs?: readonly unknown[] }>(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls.length, 1);
      shown.show({});
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

    it('has by reload the inputs of the same moment', async () => {
      const kit = await staged();
      const { calls, cancelled } = await slow(kit);
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(() => calls, [[1]]);
      flushSync(() => {
        shown.click();
        shown.show({ inputs: [2] });
      });
      await until(() => [calls, cancelled], [[[1], [2]], [[1]]]);
      expect(shown.text()).toBe('nothing.');
    });

    it('has the error of the call in its state', async () => {
      const kit = await staged();
      kit.clients[0].sessions.subscribe({ error: fail });
      const shown = page(kit.clients[0], Call, { inputs: [1] });
      await until(shown.text, 'ApplicationError.');
    });
  });

  describe('useStream', () => {
    it('keeps every event in what it gathers, however many come between two renders', async () => {
      const kit = await staged();
      const List: FunctionComponent = () => {
        const { latest = [] } = useStream(
          (wamp) => wamp.topic<[string]>(NEWS).pipe(scan((all: string[], { value }) => [...all, value], [])),
          [],
        );
        return latest.join(' ');
      };
      const shown = page(kit.clients[0], List, {});
      await kit.subscribed(NEWS);
      const numbers = Array.from({ length: 100 }, (_, i) => String(i));
      for (const number of numbers) kit.clients[1].publish(NEWS, [number]).subscribe({ error: fail });
      await until(shown.text, numbers.join(' '));
    });

    it('takes inputs that are compared by identity, however often and wherever they change', async () => {
      const kit = await staged();
      const Given: FunctionComponent<{ readonly made: () => string; readonly mode?: 'visible' | 'hidden' }> = ({
        made,
        mode = 'visible',
      }) => createElement(Shown, { mode, children: createElement(Made, { made }) });
      const Made: FunctionComponent<{ readonly made: () => string }> = ({ made }) => {
        const { latest, error } = useStream(() => of(made()), [made]);
        return error?.message ?? latest ?? 'nothing';
      };
      const numbered = (number: number) => ({ made: () => String(number) });
      const shown = page<ComponentProps<typeof Given>>(kit.clients[0], Given, numbered(0));
      await until(shown.text, '0');
      for (const number of [1, 2, 3]) flushSync(() => shown.show(numbered(number)));
      await until(shown.text, '3');
      for (const number of [4, 5, 6]) {
        shown.show({ ...numbered(number), mode: 'hidden' });
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      shown.show({ ...numbered(6), mode: 'visible' });
      await until(shown.text, '6');
    });

    it('has nothing of the stream before, even where that emits in the moment of a reload', async () => {
      const kit = await staged();
      const words = new Subject<string>();
      let subscribed = 0;
      const counted = defer(() => {
        subscribed++;
        return words;
      });
      const Heard: FunctionComponent = () => {
        const { latest, reload } = useStream(() => counted, []);
        return createElement('button', { onClick: reload }, latest ?? 'nothing');
      };
      const shown = page(kit.clients[0], Heard, {});
      await until(() => subscribed, 1);
      words.next('before');
      await until(shown.text, 'before');
      flushSync(() => {
        shown.click();
        words.next('late');
      });
      expect(shown.text()).toBe('nothing');
      await until(() => subscribed, 2);
      words.next('after');
      await until(shown.text, 'after');
    });

    it('has what is no Error as one, and what its source throws', async () => {
      const kit = await staged();
      const Failing: FunctionComponent<{ readonly throws: boolean }> = ({ throws }) => {
        const { error } = useStream(() => {
          if (throws) throw new RangeError('no source');
          // eslint-disable-next-line rxjs-x/throw-error -- what a stream of somebody else may do
          return throwError(() => 'a text');
        }, [throws]);
        return error === undefined ? 'fine' : `${error.name}: ${error.message}`;
      };
      const shown = page(kit.clients[0], Failing, { throws: false });
      await until(shown.text, 'TypeError: a text');
      shown.show({ throws: true });
      await until(shown.text, 'RangeError: no source');
    });
  });

  describe('useStatus', () => {
    it('has the state at once, and opens nothing', async () => {
      const kit = await staged();
      const seen: string[] = [];
      const State: FunctionComponent = () => {
        const { state } = useStatus();
        seen.push(state);
        return state;
      };
      const shown = page(kit.clients[0], State, {}, Fragment);
      await until(shown.text, 'idle');
      const held = kit.clients[0].sessions.subscribe({ error: fail });
      await until(shown.text, 'open');
      const late = page(kit.clients[0], State, {}, Fragment);
      const before = seen.length;
      await until(late.text, 'open');
      expect(new Set(seen.slice(before))).toEqual(new Set(['open']));
      held.unsubscribe();
      await until(shown.text, 'idle');
    });

    it('says first what the server said, and the truth behind it, when a page is taken over', async () => {
      const kit = await staged();
      await kit.session();
      const seen: string[] = [];
      const State: FunctionComponent = () => {
        const { state } = useStatus();
        seen.push(state);
        return `it is ${state}`;
      };
      const shown = takenOver(kit.clients[1], kit.clients[0], State);
      expect(shown.html).toBe('it is idle');
      await until(shown.text, 'it is open');
      expect(seen.slice(0, 3)).toEqual(['idle', 'idle', 'open']);
      expect(seen.lastIndexOf('idle')).toBe(1);
      expect(shown.mended).toEqual([]);
    });

    it('follows another client of the provider', async () => {
      const kit = await staged();
      await kit.session();
      const shown = page(kit.clients[0], () => useStatus().state, {});
      await until(shown.text, 'open');
      shown.show({}, kit.clients[1]);
      await until(shown.text, 'idle');
      await kit.session(kit.clients[1]);
      await until(shown.text, 'open');
    });
  });

  describe('useWamp', () => {
    it('says what to do where there is no provider', async () => {
      await jasmine.spyOnGlobalErrorsAsync(async (errors) => {
        const root = createRoot(document.createElement('div'));
        behind(() => root.unmount());
        root.render(createElement(() => useWamp().constructor.name));
        const sentence = 'TypeError: no WAMP client here: put <WampProvider client={client}> around this component';
        await until(() => errors.calls.allArgs().map(String)[0], sentence);
      });
    });
  });

  it('subscribes to nothing in a render that is thrown away', async () => {
    const kit = await staged();
    const Suspended: FunctionComponent = () => {
      useTopic(NEWS);
      throw new RangeError('thrown away');
    };
    const client = new Client({ transport: kit.router.transport() });
    await jasmine.spyOnGlobalErrorsAsync(async (errors) => {
      const root = createRoot(document.createElement('div'));
      behind(() => root.unmount());
      root.render(createElement(WampProvider, { client }, createElement(Suspended)));
      await until(() => errors.calls.allArgs().map(String)[0], 'RangeError: thrown away');
    });
    expect(held(client)).toEqual([0, 0, 0]);
    await client.close();
  });
});
