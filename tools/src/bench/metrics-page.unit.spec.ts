import { parseMetrics } from './metrics-page';

const PAGE = `# HELP turns_total Turns
# TYPE turns_total counter
turns_total{who="caller",ended="end silence",service="gateway"} 4
turns_total{who="assistant",ended="played",service="gateway"} 5

# TYPE turns_total_kept gauge
turns_total_kept 7
`;

describe('a page of metrics', () => {
  const readings = parseMetrics(PAGE);

  it('sums up the labels of a metric, and takes no other that begins like it', () => {
    expect(readings('turns_total')).toBe(9);
    expect(readings('turns_total_kept')).toBe(7);
  });

  it('has nothing of what does not appear', () => {
    expect(readings('turns')).toBe(0);
  });
});
