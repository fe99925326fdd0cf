import { type StackProcess } from '../stack/stack-process';

/** The value of a metric at one moment, all its labels summed up; 0 where it does not appear. */
export type Readings = (name: string) => number;

/**
 * One look at a process. Those of the event loop are told of the time since the look before, whoever looked
 * (prom-client begins them anew with each).
 */
export async function readMetrics({ adminPort }: StackProcess): Promise<Readings> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`, {
    signal: AbortSignal.timeout(10_000),
  });
  return parseMetrics(await response.text());
}

export function parseMetrics(page: string): Readings {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (name) =>
    lines
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
