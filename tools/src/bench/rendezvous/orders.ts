import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { type Served } from '../own-process';

/** Something that a program of the bench does when it is asked to, again and again while it runs. */
export type Order = (given: unknown) => Promise<unknown>;

/** @param schema of what is given with the order */
export const orderOf =
  <Given>(schema: z.ZodType<Given>, carryOut: (given: Given) => Promise<unknown>): Order =>
  (given) =>
    carryOut(schema.parse(given));

/** Takes orders on a port of 127.0.0.1 until the process is ended, and says the port as `serve` wants it. */
export function takeOrders(orders: Readonly<Record<string, Order>>): void {
  const server = createServer((request, response) => {
    void answer(request, response, orders[request.url?.slice(1) ?? '']);
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ listening: port }));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  order: Order | undefined,
): Promise<void> {
  try {
    if (!order) throw new Error(`There is no order ${request.url}.`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    response.end(JSON.stringify((await order(given)) ?? {}));
  } catch (error) {
    response.statusCode = 500;
    response.end(error instanceof Error ? error.message : String(error));
  }
}

const LONGEST_MS = 60_000;

/**
 * Has an order carried out.
 * @returns what the program answers
 * @throws with what it said, if it could not
 */
export async function order<Answer>(
  { port }: Pick<Served, 'port'>,
  name: string,
  given: object,
  schema: z.ZodType<Answer>,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/${name}`, {
    method: 'POST',
    body: JSON.stringify(given),
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The order ${name} could not be carried out: ${text}`);
  return schema.parse(JSON.parse(text));
}

/** Where nothing has to be known but that it was done. */
export const DONE = z.object({});
