// Streams in, elements out; nothing to build.
import { catchError, EMPTY, filter, fromEvent, map, mergeMap, scan, switchMap, takeUntil, tap } from 'rxjs';
import { Client } from 'rxwamp';

const NEWS = 'com.example.news';
const PRINT = 'com.example.news.print';
// Connects at the first subscription, and comes back by itself.
const wamp = new Client({ url: new URLSearchParams(location.search).get('router') ?? 'ws://localhost:8080/ws' });
const $ = (selector) => document.querySelector(selector);

// Connection
wamp.status.subscribe(({ state, attempt, reason }) => {
  $('.status').dataset.state = state;
  $('.status').textContent = attempt === undefined ? state : `${state}, attempt ${attempt}`;
  $('.status').title = reason?.message ?? '';
  $('#now').hidden = state !== 'waiting';
});
$('#now').onclick = () => wamp.reconnect();

// Topic: the last 20 headlines
const entry = ({ value: { text, by } }) => {
  const [item, author] = [document.createElement('li'), document.createElement('small')];
  author.textContent = by;
  item.append(text, ' ', author);
  return item;
};
wamp
  .topic(NEWS)
  .pipe(scan((all, event) => [entry(event), ...all].slice(0, 20), []))
  .subscribe({ next: (items) => $('#news').replaceChildren(...items), error: ({ message }) => ($('#news').textContent = message) });

// Publish: all that is sent while the router is away waits for it. Only with exclude_me: false does this page get its own headline.
const submitted = (form) =>
  fromEvent(form, 'submit').pipe(
    tap((event) => event.preventDefault()),
    map(({ target }) => Object.fromEntries(new FormData(target))),
  );
const fails = ({ message }) => {
  $('.error').hidden = false;
  $('.error').textContent = message;
  return EMPTY;
};
submitted($('#publish'))
  .pipe(
    tap(() => (($('.error').hidden = true), $('#publish').reset())),
    mergeMap(({ text }) => wamp.publish(NEWS, [{ text, by: 'you' }], {}, { exclude_me: false, acknowledge: true }).pipe(catchError(fails))),
  )
  .subscribe();

// Call: progress, and leaving is cancelling
submitted($('#print'))
  .pipe(
    map(({ copies }) => Number(copies)),
    filter((copies) => copies > 0),
    switchMap((copies) => {
      const says = (text, isRunning) => {
        $('#press').hidden = false;
        $('#press [role=status]').textContent = text;
        $('#cancel').hidden = !isRunning;
      };
      $('progress').max = copies;
      $('progress').value = 0;
      says('', true);
      return wamp.call(PRINT, [copies], {}, { receive_progress: true }).pipe(
        tap({
          next: ({ value }) => {
            $('progress').value = value;
            says(`${value} of ${copies}`, true);
          },
          complete: () => says(`${copies} printed`, false),
        }),
        takeUntil(fromEvent($('#cancel'), 'click').pipe(tap(() => ($('#press').hidden = true)))),
        catchError(({ message }) => {
          says(message, false);
          return EMPTY;
        }),
      );
    }),
  )
  .subscribe();
