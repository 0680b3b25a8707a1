import { maskedUrl, socketUrl } from '../../src/transports/socket.ts';

const page = { href: 'http://user@example.com:8080/app/?a=b#c', protocol: 'http:' };
const securePage = { href: 'https://example.com/app/', protocol: 'https:' };

describe('socketUrl', () => {
  it('leaves a URL as it is', () => {
    for (const url of ['ws://localhost:8080/ws', 'wss://example.com', 'WS://[::1]:1/x?y=z']) expect(socketUrl(url, null)).toBe(url);
  });

  it('completes a path by the host of the page, with TLS if the page has it', () => {
    expect(socketUrl('/ws', page)).toBe('ws://user@example.com:8080/ws');
    expect(socketUrl('/ws?x=1', securePage)).toBe('wss://example.com/ws?x=1');
    expect(socketUrl('//router.example.com/ws', securePage)).toBe('wss://router.example.com/ws');
  });

  const wrong: [string, string][] = [
    ['localhost:8080/ws', 'url must begin with ws:// or wss://: localhost:8080/ws; did you mean ws://localhost:8080/ws?'],
    ['http://localhost:8080/ws', 'url must begin with ws:// or wss://: http://localhost:8080/ws; did you mean ws://localhost:8080/ws?'],
    ['HTTPS://example.com/', 'url must begin with ws:// or wss://: HTTPS://example.com/; did you mean wss://example.com/?'],
    ['tcp://example.com/', 'url must begin with ws:// or wss://: tcp://example.com/'],
    ['/ws', 'url must begin with ws:// or wss://: /ws; a path alone is enough only on a page'],
    ['', 'url must begin with ws:// or wss://: it is empty'],
    ['ws://', 'url is not a URL: ws://'],
    ['ws://localhost:99999/', 'url is not a URL: ws://localhost:99999/'],
    ['ws://localhost/#top', 'url must have no fragment (#): ws://localhost/#top'],
    [
      'joe:secret@localhost/ws?token=abc',
      'url must begin with ws:// or wss://: ***@localhost/ws?***; did you mean ws://***@localhost/ws?***?',
    ],
    ['http://joe:secret@localhost/', 'url must begin with ws:// or wss://: http://***@localhost/; did you mean ws://***@localhost/?'],
  ];
  for (const [url, sentence] of wrong) {
    it(`throws for ${url === '' ? 'an empty text' : maskedUrl(url)}`, () => {
      expect(() => socketUrl(url, null)).toThrowError(TypeError, sentence);
    });
  }

  it('throws for ws:// on a page that came by https, but for the own machine', () => {
    expect(() => socketUrl('ws://example.com/ws', securePage)).toThrowError(
      TypeError,
      'url must begin with wss:// because the page came by https: ws://example.com/ws',
    );
    for (const url of ['wss://example.com/', 'ws://localhost:8080/', 'ws://127.0.0.1/', 'ws://[::1]/']) {
      expect(socketUrl(url, securePage)).toBe(url);
    }
  });
});

describe('maskedUrl', () => {
  it('hides credentials and the query', () => {
    expect(maskedUrl('wss://joe:p@ss@example.com/ws?token=a/b@c')).toBe('wss://***@example.com/ws?***');
    expect(maskedUrl('wss://example.com/ws@home')).toBe('wss://example.com/ws@home');
  });
});
