import {
  anyStartsWith,
  parseJsonParameters,
  parseParameters,
  queryOf,
  requestParameters,
  single,
  text,
} from './parameters';

const json = (value: unknown) => parseJsonParameters(JSON.stringify(value));

describe('parameters', () => {
  it('keep their order, and all values of each name', () => {
    expect([...parseParameters('b=1&a=2&b=3&c=&d')]).toEqual([
      ['b', ['1', '3']],
      ['a', ['2']],
      ['c', ['']],
      ['d', ['']],
    ]);
  });

  it('tell missing, empty and repeated apart', () => {
    const parameters = parseParameters('one=1&empty=&twice=1&twice=1&list[]=1&block[a]=1&blank=+');
    expect(single(parameters, 'one')).toEqual({ value: '1' });
    expect(single(parameters, 'blank')).toEqual({ value: ' ' });
    expect(single(parameters, 'none')).toEqual({ problem: 'missing' });
    expect(single(parameters, 'empty')).toEqual({ problem: 'empty' });
    expect(single(parameters, 'twice')).toEqual({ problem: 'given more than once' });
    expect(single(parameters, 'list')).toEqual({ problem: 'not text' });
    expect(single(parameters, 'block')).toEqual({ problem: 'not text' });
  });

  it.each([
    ['the first that has a value', 'a=&b=+&c=3', '3'],
    ['a value that was only repeated', 'a=1&a=1', '1'],
    ['none of two that contradict', 'a=1&a=2&b=3', '3'],
    ['nothing', 'x=1', null],
    ['a leading blank as it came', 'a=+9190', ' 9190'],
  ])('give %s', (_, query, expected) => {
    expect(text(parseParameters(query), 'a', 'b', 'c')).toBe(expected);
  });

  it('of a JSON body have the names that a form would give them', () => {
    const body = {
      CallSid: 'x',
      Legs: [{ Cause: 16 }],
      Stream: { Status: 'completed', Error: null },
      ok: true,
    };
    expect([...json(body)]).toEqual([
      ['CallSid', ['x']],
      ['Legs[0][Cause]', ['16']],
      ['Stream[Status]', ['completed']],
      ['Stream[Error]', ['']],
      ['ok', ['true']],
    ]);
  });

  it.each([
    ['an array', { id: ['a'] }, { problem: 'not text' }],
    ['an object', { id: { a: 1 } }, { problem: 'not text' }],
    ['null', { id: null }, { problem: 'empty' }],
    ['a number', { id: 12345678 }, { value: '12345678' }],
  ])('of a JSON body tell %s', (_, body, expected) => {
    expect(single(json(body), 'id')).toEqual(expected);
  });

  it('of a JSON body hold no rounded number, no deep nesting and no prototype', () => {
    const deep = `{"a":12345678901234567890,"b":{"c":{"d":{"e":{"f":1}}}},"__proto__":{"g":"1"}}`;
    expect([...parseJsonParameters(deep)]).toEqual([
      ['a', ['']],
      ['b[c][d][]', ['']],
      ['__proto__[g]', ['1']],
    ]);
    expect([...parseJsonParameters('[1]'), ...parseJsonParameters('{'), ...parseJsonParameters('')]).toEqual(
      [],
    );
  });

  it('come from the query of a GET and the body of a POST, never from both', () => {
    const request = { url: 'https://h.example/a?where=query', headers: {}, body: 'where=body' };
    expect([...requestParameters({ ...request, method: 'GET' })]).toEqual([['where', ['query']]]);
    expect([...requestParameters({ ...request, method: 'POST' })]).toEqual([['where', ['body']]]);
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const jsonBody = { ...request, headers, body: '{"where":"json"}' };
    expect([...requestParameters({ ...jsonBody, method: 'POST' })]).toEqual([['where', ['json']]]);
  });

  it('are those of their own request, however often it is asked', () => {
    const request = { method: 'POST', url: 'https://h.example/a', headers: {}, body: 'a=1&a=2' } as const;
    const other = { ...request, body: 'a=3' };
    for (let times = 0; times < 2; times += 1) {
      expect([...requestParameters(request)]).toEqual([['a', ['1', '2']]]);
      expect([...requestParameters(other)]).toEqual([['a', ['3']]]);
    }
  });

  it('are text where one value, however often, is all that they have', () => {
    const parameters = parseParameters(
      'same=1&same=1&other=1&other=2&late=1&late=1&late=3&blank=+&blank=+&empty=',
    );
    const found = ['same', 'other', 'late', 'blank', 'empty', 'none'].map((name) => text(parameters, name));
    expect(found).toEqual(['1', null, null, null, null, null]);
    expect(text(parameters, 'other', 'blank', 'same')).toBe('1');
  });

  it.each([
    ['https://h.example/a', ''],
    ['https://h.example/a?', ''],
    ['https://h.example/a?b=1?2#c?d', 'b=1?2'],
    ['https://h.example/a#b?c', ''],
  ])('of %s are %j', (url, query) => {
    expect(queryOf(url)).toBe(query);
  });

  it('are looked for by the beginning of their name, if they have a value', () => {
    expect(anyStartsWith(parseParameters('Stream[Status]=completed'), 'Stream')).toBe(true);
    expect(anyStartsWith(parseParameters('Stream=&StreamX=&x=1'), 'Stream')).toBe(false);
  });
});
