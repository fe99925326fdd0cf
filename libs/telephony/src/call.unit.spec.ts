import { readCallIdAt, secondsAsMs, unixMs } from './call';

describe('a call id in JSON', () => {
  const read = (body: unknown) => readCallIdAt(JSON.stringify(body), ['data', 'payload', 'id']);

  it('is found at its path', () => {
    expect(read({ data: { payload: { id: '56b1234567abcdef' } } })).toEqual({ callId: '56b1234567abcdef' });
  });

  it.each([
    [null],
    [[]],
    [{ data: null }],
    [{ data: [{ payload: { id: '56b1234567abcdef' } }] }],
    [{ data: { payload: 'id' } }],
    [{ data: { payload: {} } }],
    [{ data: { payload: { id: null } } }],
  ])('is missing in %j', (body) => {
    expect(read(body)).toEqual({ reason: 'data.payload.id: missing' });
  });

  it('is never found on a prototype, and not in what is no JSON', () => {
    expect(readCallIdAt('{}', ['constructor', 'name'])).toEqual({ reason: 'constructor.name: missing' });
    expect(readCallIdAt('{', ['id'])).toEqual({ reason: 'id: missing' });
  });

  it.each([[1234567890], [true], [['56b1234567abcdef']], [{}]])('is text, and not %j', (id) => {
    expect(read({ data: { payload: { id } } })).toEqual({ reason: 'data.payload.id: not text' });
  });
});

describe('seconds of a call', () => {
  it.each([
    ['63', 63_000],
    ['0', 0],
    ['999999', 999_999_000],
    ['1000000', null],
    ['', null],
    ['-1', null],
    ['١', null],
    [null, null],
  ])('%j are %j ms', (seconds, ms) => {
    expect(secondsAsMs(seconds)).toBe(ms);
  });
});

describe('a time', () => {
  it.each([
    ['2025-01-07T15:52:09+05:30', 1_736_245_329_000],
    ['Tue, 07 Jan 2025 10:22:09 +0000', 1_736_245_329_000],
    ['1970-01-01T05:30:00+05:30', null],
    ['0001-01-01T00:00:00Z', null],
    ['', null],
    ['never', null],
  ])('%j is %j unix ms', (time, ms) => {
    expect(unixMs(time)).toBe(ms);
  });
});
