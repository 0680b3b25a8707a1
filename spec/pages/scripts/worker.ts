// A module worker with a client: tells the page each event of a topic, and calls what the page names.
import { lastValueFrom } from 'rxjs';
import { Client } from 'rxwamp';

const client = new Client({ url: new URLSearchParams(location.search).get('router') ?? '', logger: false });
client.topic('com.example.news').subscribe(({ args: [text] }) => {
  postMessage(text);
});
addEventListener('message', ({ data }: MessageEvent<string>) => {
  void lastValueFrom(client.call(data, [20, 22])).then(({ value }) => {
    postMessage(value);
  });
});
