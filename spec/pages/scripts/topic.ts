// A page that shows the events of a topic.
import { Client } from 'rxwamp';

const url = new URLSearchParams(location.search).get('router') ?? '';
const shown: string[] = [];
new Client({ url }).topic<[string]>('com.example.news').subscribe(({ args: [text] }) => {
  shown.push(text);
  document.body.innerText = shown.join(' ');
});
