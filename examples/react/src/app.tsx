import { type FormEvent, useState } from 'react';
import { firstValueFrom, scan } from 'rxjs';
import type { Event } from 'rxwamp';
import { useCall, useStatus, useStream, useWamp } from 'rxwamp/react';

interface Headline {
  readonly text: string;
  readonly by: string;
}

export function App() {
  return (
    <>
      <header>
        <h1>News room</h1>
        <Connection />
      </header>
      <Publish />
      <Print />
      <Latest />
    </>
  );
}

function Connection() {
  const wamp = useWamp();
  const status = useStatus();
  return (
    <div className="row">
      <p className="status" role="status" data-state={status.state}>
        {'attempt' in status ? `${status.state}, attempt ${status.attempt}` : status.state}
      </p>
      {status.state === 'waiting' && (
        <button className="plain" onClick={() => wamp.reconnect()}>
          Try now
        </button>
      )}
    </div>
  );
}

function Publish() {
  const wamp = useWamp();
  const [error, setError] = useState<string>();
  const publish = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const headline = { text: new FormData(form).get('text'), by: 'you' };
    form.reset();
    setError(undefined);
    // Waits for the router if it is away. Only with exclude_me: false does this page get its own headline.
    const options = { exclude_me: false, acknowledge: true } as const;
    firstValueFrom(wamp.publish('com.example.news', [headline], {}, options)).catch((reason: Error) => setError(reason.message));
  };
  return (
    <section>
      <h2>Publish</h2>
      <form onSubmit={publish}>
        <label>
          Headline <input name="text" required maxLength={120} autoComplete="off" />
        </label>
        <button>Publish</button>
      </form>
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}

function Print() {
  const [job, setJob] = useState<{ id: number; copies: number }>();
  const print = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const copies = Number(new FormData(event.currentTarget).get('copies'));
    setJob((before) => ({ id: (before?.id ?? 0) + 1, copies }));
  };
  return (
    <section>
      <h2>Print</h2>
      <form onSubmit={print}>
        <label>
          Copies <input name="copies" type="number" min="1" max="500" defaultValue="30" required />
        </label>
        <button>Print</button>
      </form>
      {job && <Press key={job.id} copies={job.copies} onCancel={() => setJob(undefined)} />}
    </section>
  );
}

/** The call lives as long as this is on the page. */
function Press({ copies, onCancel }: { readonly copies: number; readonly onCancel: () => void }) {
  const { latest, error, isDone } = useCall<number>('com.example.news.print', [copies], {}, { receive_progress: true });
  const printed = latest?.value ?? 0;
  return (
    <div className="row">
      <progress max={copies} value={printed} />
      <span className="quiet" role="status">
        {error?.message ?? (isDone ? `${copies} printed` : `${printed} of ${copies}`)}
      </span>
      {!isDone && !error && (
        <button className="plain" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

function Latest() {
  const { latest = [], error } = useStream(
    (wamp) => wamp.topic<[Headline]>('com.example.news').pipe(scan((all: Event<[Headline]>[], event) => [event, ...all].slice(0, 20), [])),
    [],
  );
  return (
    <section>
      <h2>Latest</h2>
      {error && <p className="error">{error.message}</p>}
      <ul aria-live="polite">
        {latest.map(({ publication, value: { text, by } }) => (
          <li key={publication}>
            {text} <small>{by}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
