// Messages that the official vectors do not have, each with its text and its bytes.
// The bytes were written by Python's msgpack and the texts by Python's json, so that no code of ours is its own proof.
// Source: WAMP basic profile, "Messages" and "Serializers"; the MessagePack specification.

export interface Vector {
  readonly name: string;
  readonly message: readonly unknown[];
  readonly json: string;
  /** In hexadecimal. */
  readonly msgpack: string;
}

export const vectors: readonly Vector[] = [
  {
    name: 'UNSUBSCRIBE of the id 2^53',
    message: [34, 2 ** 53, 2 ** 53],
    json: '[34,9007199254740992,9007199254740992]',
    msgpack: '9322cf0020000000000000cf0020000000000000',
  },
  {
    name: 'UNSUBSCRIBE of an id between 2^32 and 2^53',
    message: [34, 4294967296, 8429313566999111],
    json: '[34,4294967296,8429313566999111]',
    msgpack: '9322cf0000000100000000cf001df26a80dc8247',
  },
  {
    name: 'SUBSCRIBED with the ids 2^32 - 1 and 2^31',
    message: [33, 4294967295, 2147483648],
    json: '[33,4294967295,2147483648]',
    msgpack: '9321ceffffffffce80000000',
  },
  {
    name: 'PUBLISH with keyword arguments only',
    message: [16, 1, {}, 'com.example.news', [], { headline: 'rxwamp' }],
    json: '[16,1,{},"com.example.news",[],{"headline":"rxwamp"}]',
    msgpack: '96100180b0636f6d2e6578616d706c652e6e6577739081a8686561646c696e65a6727877616d70',
  },
  {
    name: 'PUBLISH with every option that is false',
    message: [16, 1, { acknowledge: false, exclude_me: false, disclose_me: false, retain: false }, 'com.example.news'],
    json: '[16,1,{"acknowledge":false,"exclude_me":false,"disclose_me":false,"retain":false},"com.example.news"]',
    msgpack:
      '94100184ab61636b6e6f776c65646765c2aa6578636c7564655f6d65c2ab646973636c6f73655f6d65c2a672657461696ec2b0636f6d2e6578616d706c652e6e657773',
  },
  {
    name: 'PUBLISH to sessions by ids beyond 2^32',
    message: [16, 1, { exclude: [3941615218422338], eligible: [2 ** 53, 1] }, 'com.example.news', [1]],
    json: '[16,1,{"exclude":[3941615218422338],"eligible":[9007199254740992,1]},"com.example.news",[1]]',
    msgpack: '95100182a76578636c75646591cf000e00e0ceef7242a8656c696769626c6592cf002000000000000001b0636f6d2e6578616d706c652e6e6577739101',
  },
  {
    name: 'PUBLISH with payload passthru',
    message: [
      16,
      1,
      { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: 'xsalsa20poly1305', ppt_keyid: 'key1' },
      'com.example.news',
      [Uint8Array.of(0x1, 0x2, 0x3)],
    ],
    json: '[16,1,{"ppt_scheme":"wamp","ppt_serializer":"cbor","ppt_cipher":"xsalsa20poly1305","ppt_keyid":"key1"},"com.example.news",["\\u0000AQID"]]',
    msgpack:
      '95100184aa7070745f736368656d65a477616d70ae7070745f73657269616c697a6572a463626f72aa7070745f636970686572b07873616c73613230706f6c7931333035a97070745f6b65796964a46b657931b0636f6d2e6578616d706c652e6e65777391c403010203',
  },
  {
    name: 'EVENT with binary, empty binary and 16 bytes',
    message: [
      36,
      1,
      2,
      {},
      [
        Uint8Array.of(0x10, 0xe3, 0xff, 0x90, 0x53, 0x7, 0x5c, 0x52, 0x6f, 0x5f, 0xc0, 0x6d, 0x4f, 0xe3, 0x7c, 0xdb),
        Uint8Array.of(),
        Uint8Array.from({ length: 16 }, (_, i) => i),
      ],
      { raw: Uint8Array.of(0xff) },
    ],
    json: '[36,1,2,{},["\\u0000EOP/kFMHXFJvX8BtT+N82w==","\\u0000","\\u0000AAECAwQFBgcICQoLDA0ODw=="],{"raw":"\\u0000/w=="}]',
    msgpack: '962401028093c41010e3ff9053075c526f5fc06d4fe37cdbc400c410000102030405060708090a0b0c0d0e0f81a3726177c401ff',
  },
  {
    name: 'EVENT retained, of a pattern, with its publisher',
    message: [
      36,
      5512315355,
      4429313566,
      { retained: true, topic: 'com.example.news', publisher: 3941615218422338, publisher_authid: 'joe', publisher_authrole: 'user' },
      ['x'],
    ],
    json: '[36,5512315355,4429313566,{"retained":true,"topic":"com.example.news","publisher":3941615218422338,"publisher_authid":"joe","publisher_authrole":"user"},["x"]]',
    msgpack:
      '9524cf00000001488f41dbcf000000010801f61e85a872657461696e6564c3a5746f706963b0636f6d2e6578616d706c652e6e657773a97075626c6973686572cf000e00e0ceef7242b07075626c69736865725f617574686964a36a6f65b27075626c69736865725f61757468726f6c65a47573657291a178',
  },
  {
    name: 'EVENT with arguments that are falsy',
    message: [36, 1, 2, {}, [0, false, '', null, [], {}]],
    json: '[36,1,2,{},[0,false,"",null,[],{}]]',
    msgpack: '95240102809600c2a0c09080',
  },
  {
    name: 'EVENT with numbers of every size',
    message: [
      36,
      1,
      2,
      {},
      [127, 128, 255, 256, 65535, 65536, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -(2 ** 53), 1.5, -0.25, 1e300],
    ],
    json: '[36,1,2,{},[127,128,255,256,65535,65536,-1,-32,-33,-128,-129,-32768,-32769,-2147483648,-2147483649,-9007199254740992,1.5,-0.25,1e+300]]',
    msgpack:
      '9524010280dc00137fcc80ccffcd0100cdffffce00010000ffe0d0dfd080d1ff7fd18000d2ffff7fffd280000000d3ffffffff7fffffffd3ffe0000000000000cb3ff8000000000000cbbfd0000000000000cb7e37e43c8800759c',
  },
  {
    name: 'EVENT with text of every size',
    message: [36, 1, 2, {}, ['é', '€', '😀', 'x'.repeat(31), 'x'.repeat(32), 'é'.repeat(16), 'é'.repeat(20)]],
    json: '[36,1,2,{},["é","€","😀","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","éééééééééééééééé","éééééééééééééééééééé"]]',
    msgpack:
      '952401028097a2c3a9a3e282aca4f09f9880bf78787878787878787878787878787878787878787878787878787878787878d9207878787878787878787878787878787878787878787878787878787878787878d920c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9d928c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9c3a9',
  },
  {
    name: 'CALL that asks for progress',
    message: [48, 7, { receive_progress: true, timeout: 5000 }, 'com.example.countdown', [3]],
    json: '[48,7,{"receive_progress":true,"timeout":5000},"com.example.countdown",[3]]',
    msgpack: '95300782b0726563656976655f70726f6772657373c3a774696d656f7574cd1388b5636f6d2e6578616d706c652e636f756e74646f776e9103',
  },
  {
    name: 'CALL that is a chunk',
    message: [48, 7, { progress: true }, 'com.example.upload', ['chunk']],
    json: '[48,7,{"progress":true},"com.example.upload",["chunk"]]',
    msgpack: '95300781a870726f6772657373c3b2636f6d2e6578616d706c652e75706c6f616491a56368756e6b',
  },
  {
    name: 'CALL with keyword arguments only',
    message: [48, 7, {}, 'com.example.add', [], { a: 1, b: 2 }],
    json: '[48,7,{},"com.example.add",[],{"a":1,"b":2}]',
    msgpack: '96300780af636f6d2e6578616d706c652e6164649082a16101a16202',
  },
  {
    name: 'CANCEL with a mode',
    message: [49, 7, { mode: 'killnowait' }],
    json: '[49,7,{"mode":"killnowait"}]',
    msgpack: '93310781a46d6f6465aa6b696c6c6e6f77616974',
  },
  {
    name: 'RESULT in progress',
    message: [50, 7, { progress: true }, [1]],
    json: '[50,7,{"progress":true},[1]]',
    msgpack: '94320781a870726f6772657373c39101',
  },
  { name: 'RESULT that is empty and final', message: [50, 7, {}], json: '[50,7,{}]', msgpack: '93320780' },
  {
    name: 'RESULT with its callee, and both kinds of arguments',
    message: [50, 7, { callee: 3941615218422338, callee_authid: 'joe', callee_authrole: 'user' }, [1], { a: null }],
    json: '[50,7,{"callee":3941615218422338,"callee_authid":"joe","callee_authrole":"user"},[1],{"a":null}]',
    msgpack:
      '95320783a663616c6c6565cf000e00e0ceef7242ad63616c6c65655f617574686964a36a6f65af63616c6c65655f61757468726f6c65a475736572910181a161c0',
  },
  {
    name: 'INVOCATION with progress asked for and both kinds of arguments',
    message: [68, 1, 2103333224, { receive_progress: true, procedure: 'com.example.countdown', caller: 3941615218422338 }, [3], { a: 1 }],
    json: '[68,1,2103333224,{"receive_progress":true,"procedure":"com.example.countdown","caller":3941615218422338},[3],{"a":1}]',
    msgpack:
      '964401ce7d5e516883b0726563656976655f70726f6772657373c3a970726f636564757265b5636f6d2e6578616d706c652e636f756e74646f776ea663616c6c6572cf000e00e0ceef7242910381a16101',
  },
  {
    name: 'INVOCATION that is a chunk',
    message: [68, 1, 2103333224, { progress: true }, ['chunk']],
    json: '[68,1,2103333224,{"progress":true},["chunk"]]',
    msgpack: '954401ce7d5e516881a870726f6772657373c391a56368756e6b',
  },
  {
    name: 'INTERRUPT with mode and reason',
    message: [69, 1, { mode: 'kill', reason: 'wamp.error.canceled' }],
    json: '[69,1,{"mode":"kill","reason":"wamp.error.canceled"}]',
    msgpack: '93450182a46d6f6465a46b696c6ca6726561736f6eb377616d702e6572726f722e63616e63656c6564',
  },
  {
    name: 'YIELD in progress',
    message: [70, 1, { progress: true }, [2]],
    json: '[70,1,{"progress":true},[2]]',
    msgpack: '94460181a870726f6772657373c39102',
  },
  {
    name: 'YIELD with both kinds of arguments',
    message: [70, 1, {}, [2], { b: true }],
    json: '[70,1,{},[2],{"b":true}]',
    msgpack: '95460180910281a162c3',
  },
  {
    name: 'ERROR of a CALL with both kinds of arguments',
    message: [8, 48, 7, { callee: 1 }, 'com.example.error.bad', ['no', 1], { at: 2 }],
    json: '[8,48,7,{"callee":1},"com.example.error.bad",["no",1],{"at":2}]',
    msgpack: '9708300781a663616c6c656501b5636f6d2e6578616d706c652e6572726f722e62616492a26e6f0181a2617402',
  },
  {
    name: 'ERROR of an INVOCATION without arguments',
    message: [8, 68, 1, {}, 'wamp.error.canceled'],
    json: '[8,68,1,{},"wamp.error.canceled"]',
    msgpack: '9508440180b377616d702e6572726f722e63616e63656c6564',
  },
  {
    name: 'ERROR of a PUBLISH with keyword arguments only',
    message: [8, 16, 1, {}, 'wamp.error.not_authorized', [], { why: 'x' }],
    json: '[8,16,1,{},"wamp.error.not_authorized",[],{"why":"x"}]',
    msgpack: '9708100180b977616d702e6572726f722e6e6f745f617574686f72697a65649081a3776879a178',
  },
  {
    name: 'ABORT with both kinds of arguments',
    message: [3, { message: 'no' }, 'wamp.error.no_such_realm', ['realm1'], { a: 1 }],
    json: '[3,{"message":"no"},"wamp.error.no_such_realm",["realm1"],{"a":1}]',
    msgpack: '950381a76d657373616765a26e6fb877616d702e6572726f722e6e6f5f737563685f7265616c6d91a67265616c6d3181a16101',
  },
  {
    name: 'UNSUBSCRIBED as a revocation',
    message: [35, 0, { subscription: 5512315355, reason: 'wamp.error.not_authorized' }],
    json: '[35,0,{"subscription":5512315355,"reason":"wamp.error.not_authorized"}]',
    msgpack: '93230082ac737562736372697074696f6ecf00000001488f41dba6726561736f6eb977616d702e6572726f722e6e6f745f617574686f72697a6564',
  },
  {
    name: 'UNREGISTERED as a revocation',
    message: [67, 0, { registration: 2103333224, reason: 'wamp.error.unregistered' }],
    json: '[67,0,{"registration":2103333224,"reason":"wamp.error.unregistered"}]',
    msgpack: '93430082ac726567697374726174696f6ece7d5e5168a6726561736f6eb777616d702e6572726f722e756e72656769737465726564',
  },
  {
    name: 'HELLO with features',
    message: [1, 'realm1', { roles: { caller: { features: { call_canceling: true, progressive_call_results: true } } }, agent: 'rxwamp' }],
    json: '[1,"realm1",{"roles":{"caller":{"features":{"call_canceling":true,"progressive_call_results":true}}},"agent":"rxwamp"}]',
    msgpack:
      '9301a67265616c6d3182a5726f6c657381a663616c6c657281a8666561747572657382ae63616c6c5f63616e63656c696e67c3b870726f67726573736976655f63616c6c5f726573756c7473c3a56167656e74a6727877616d70',
  },
  {
    name: 'WELCOME with the id 2^53',
    message: [2, 2 ** 53, { roles: { broker: {}, dealer: { features: {} } }, authid: 'joe' }],
    json: '[2,9007199254740992,{"roles":{"broker":{},"dealer":{"features":{}}},"authid":"joe"}]',
    msgpack: '9302cf002000000000000082a5726f6c657382a662726f6b657280a66465616c657281a8666561747572657380a6617574686964a36a6f65',
  },
  {
    name: 'CHALLENGE with an extra',
    message: [4, 'wampcra', { challenge: '{"nonce":1}', salt: 's', iterations: 1000, keylen: 32 }],
    json: '[4,"wampcra",{"challenge":"{\\"nonce\\":1}","salt":"s","iterations":1000,"keylen":32}]',
    msgpack: '9304a777616d7063726184a96368616c6c656e6765ab7b226e6f6e6365223a317da473616c74a173aa697465726174696f6e73cd03e8a66b65796c656e20',
  },
];
