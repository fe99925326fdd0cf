import { isolated, markup, verbatim } from './markup';

describe('markup', () => {
  it('escapes text, in elements as in attributes', () => {
    const text = `<b title="x" class='y'>&amp;`;
    expect(markup`<p title="${text}">${text}</p>`.source).toBe(
      '<p title="&lt;b title=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp;">&lt;b title=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp;</p>',
    );
  });

  it('takes markup as it is, joins lists, and leaves null out', () => {
    expect(markup`<ul>${['a&b', markup`<li>${1}</li>`, [verbatim('<hr>')], null]}</ul>`.source).toBe(
      '<ul>a&amp;b<li>1</li><hr></ul>',
    );
  });

  it('shows what may not stand in a document, or turns text round, as a replacement character', () => {
    expect(markup`${'a\u0000b\u001bc\u0085d\ud800e\u202ef\u2066g'}`.source).toBe(
      'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg',
    );
  });

  it('leaves pairs of surrogates, joiners and blanks alone', () => {
    const text = 'क्\u200dष 👩‍🔬 שלום\tx\ny';
    expect(markup`${text}`.source).toBe(text);
  });

  it('isolates the direction of a text, which cannot end that by itself', () => {
    expect(isolated('a\u2069<').source).toBe('\u2068a\ufffd&lt;\u2069');
  });
});
