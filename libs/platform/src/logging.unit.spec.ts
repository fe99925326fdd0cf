import { maskPhone } from './logging';

it.each([
  ['+919000000001', '+91******0001'],
  ['+6561234567', '+65******4567'],
  [null, null],
  ['', '******'],
])('%j is logged as %j', (phone, logged) => expect(maskPhone(phone)).toBe(logged));

it('at least four characters of every number stay out of the log', () => {
  for (let length = 0; length <= 64; length += 1) {
    const shown = maskPhone('1'.repeat(length))?.replaceAll('*', '') ?? '';
    expect(shown.length).toBeLessThanOrEqual(Math.max(0, length - 4));
  }
});
