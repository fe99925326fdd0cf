import { headersAsTheyCame } from './headers-as-they-came';

it('a header that came twice is an array, even where Node keeps the first one alone', () => {
  const headers = { authorization: 'Basic a', 'x-signature': 'a, b', accept: '*/*' };
  const rawHeaders = ['Authorization', 'Basic a', 'AUTHORIZATION', 'Basic b', 'X-Signature', 'a'];
  rawHeaders.push('x-signature', 'b', 'Accept', '*/*');
  expect(headersAsTheyCame({ headers, rawHeaders })).toEqual({
    authorization: ['Basic a', 'Basic b'],
    'x-signature': ['a', 'b'],
    accept: '*/*',
  });
});

it('a list in one line stays one text', () => {
  const headers = { 'x-signature': 'a,b' };
  expect(headersAsTheyCame({ headers, rawHeaders: ['X-Signature', 'a,b'] })).toEqual(headers);
});
