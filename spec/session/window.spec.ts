// The window: at most 32 unconfirmed, in order.
import { Window } from '../../src/session/window.ts';

function setup() {
  const window = new Window();
  const sent: string[] = [];
  const add = (name: string, also: () => boolean = () => true): void => {
    window.add({
      sendNow: () => {
        sent.push(name);
        return also();
      },
    });
  };
  const fill = (count: number): void => {
    for (let i = 1; i <= count; i++) add(`filler ${i}`);
  };
  return { window, sent, add, fill };
}

describe('Window', () => {
  it('R3 sends 32 items at once, and one more for each that is settled, in order', () => {
    const { window, sent, add, fill } = setup();
    fill(32);
    add('a');
    add('b');
    expect(sent.length).toBe(32);
    window.settled();
    expect(sent.slice(32)).toEqual(['a']);
    window.settled();
    window.settled();
    expect(sent.slice(32)).toEqual(['a', 'b']);
  });

  it('does not count what has nothing to send any more', () => {
    const { window, sent, add, fill } = setup();
    fill(31);
    for (let i = 0; i < 5; i++) add('nothing', () => false);
    add('a');
    add('b');
    expect(sent.slice(31)).toEqual(['nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'a']);
    window.settled();
    expect(sent.slice(37)).toEqual(['b']);
  });

  it('an item may add others while it is sent: they come behind those that wait', () => {
    const { window, sent, add, fill } = setup();
    fill(32);
    add('a', () => {
      add('c');
      return false;
    });
    add('b');
    window.settled();
    expect(sent.slice(32)).toEqual(['a', 'b']);
    window.settled();
    expect(sent.slice(32)).toEqual(['a', 'b', 'c']);
  });

  it('an item counts while it is sent: what it adds does not overfill the window', () => {
    const { window, sent, add, fill } = setup();
    fill(31);
    add('a', () => {
      add('b');
      return true;
    });
    expect(sent.slice(31)).toEqual(['a']);
    window.settled();
    expect(sent.slice(31)).toEqual(['a', 'b']);
  });

  describe('whenSent', () => {
    it('R3 calls back at once if nothing waits to be sent, confirmed or not', () => {
      const { window, sent, fill } = setup();
      window.whenSent(() => sent.push('at once'));
      fill(32);
      window.whenSent(() => sent.push('sent'));
      expect([sent[0], sent.at(-1)]).toEqual(['at once', 'sent']);
    });

    it('R3 calls back once, as soon as the last waiting item was sent', () => {
      const { window, sent, add, fill } = setup();
      fill(32);
      add('a');
      add('b');
      window.whenSent(() => sent.push('first'));
      window.whenSent(() => sent.push('second'));
      window.settled();
      expect(sent.slice(32)).toEqual(['a']);
      window.settled();
      window.settled();
      add('c');
      expect(sent.slice(32)).toEqual(['a', 'b', 'first', 'second', 'c']);
    });
  });

  describe('clear', () => {
    it('forgets what waits, and who waits for it', () => {
      const { window, sent, add, fill } = setup();
      fill(32);
      add('a');
      window.whenSent(() => sent.push('never'));
      window.clear();
      window.settled();
      expect(sent.length).toBe(32);
      window.whenSent(() => sent.push('at once'));
      add('b');
      expect(sent.slice(32)).toEqual(['at once', 'b']);
    });

    it('keeps count of what was sent', () => {
      const { window, sent, add, fill } = setup();
      fill(32);
      window.clear();
      add('a');
      expect(sent.length).toBe(32);
      window.settled();
      expect(sent.slice(32)).toEqual(['a']);
    });
  });
});
