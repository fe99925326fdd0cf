import { readCustomField } from './custom-field';

describe('CustomField', () => {
  it.each<[string, string | null, [string, string][]]>([
    ['nothing', null, []],
    [
      'a JSON object',
      '{"name":"A Person","amount":2500,"paid":false,"none":null,"tags":["a"],"at":{"b":1}}',
      [
        ['name', 'A Person'],
        ['amount', '2500'],
        ['paid', 'false'],
        ['tags', '["a"]'],
        ['at', '{"b":1}'],
      ],
    ],
    [
      'pairs',
      'id=42|name=A=B|empty=',
      [
        ['id', '42'],
        ['name', 'A=B'],
        ['empty', ''],
      ],
    ],
    ['one pair', 'id=42', [['id', '42']]],
    ['a phone whose + was not escaped', 'phone= 919000000003', [['phone', ' 919000000003']]],
    [
      'an id',
      '7e9095cd-0000-4000-8000-000000000001',
      [['customField', '7e9095cd-0000-4000-8000-000000000001']],
    ],
    ['base64', 'YWJjZA==', [['customField', 'YWJjZA==']]],
    ['base64 with one sign', 'YWJjZGU=', [['customField', 'YWJjZGU=']]],
    ['pairs and something else', 'id=42|else', [['customField', 'id=42|else']]],
    ['a URL', 'https://h.example/?a=1', [['customField', 'https://h.example/?a=1']]],
    ['a JSON array', '[1]', [['customField', '[1]']]],
    ['broken JSON', '{"a":', [['customField', '{"a":']]],
  ])('may be %s', (_, text, expected) => {
    expect([...readCustomField(text)]).toEqual(expected);
  });

  it('may be nested deeper than can be written again', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect([...readCustomField(`{"deep":${deep},"a":"1"}`).keys()]).toContain('a');
  });
});
