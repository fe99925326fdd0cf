import { get } from 'node:http';
import { type StackProcess } from '../stack/stack-process';
import { type Rig } from './rig';

/** The value of a metric, all its labels summed up; 0 where it does not appear. */
export async function reading(
  process: StackProcess,
  name: string,
  where: Readonly<Record<string, string>> = {},
): Promise<number> {
  const page = await fetchPage(process.adminPort);
  const wanted = Object.entries(where).map(([label, value]) => `${label}="${value}"`);
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** On a connection of its own, which is gone afterwards: it is itself among the handles that are counted. */
function fetchPage(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(5000);
    const request = get({ host: '127.0.0.1', port, path: '/metrics', agent: false, signal }, (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (part: string) => (page += part));
      response.once('end', () => resolve(page)).once('error', reject);
    });
    request.once('error', reject);
  });
}

/** The same over all gateways. */
export async function readings(
  { stack }: Rig,
  name: string,
  where: Readonly<Record<string, string>> = {},
): Promise<number> {
  const values = await Promise.all(stack.gateways.map((gateway) => reading(gateway, name, where)));
  return values.reduce((sum, value) => sum + value, 0);
}

/** Resident memory, MB. */
export const residentMb = async (process: StackProcess): Promise<number> =>
  (await reading(process, 'process_resident_memory_bytes')) / 1_048_576;
