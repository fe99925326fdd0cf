import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { LineGroups } from '../media/line-groups';
import { FloodSchema, OpenSchema, PlaySchema } from '../media/load-messages';
import { SpeechFrames } from '../media/speech-frames';

/*
 * Callers at Twilio, who play audio to media streams in real time. Their lines are opened and played to on request:
 * POST /open, /play, /flood. The answer comes when it is done.
 *
 * --answer FILE   what they say, mu-law
 */

const { values } = parseArgs({ options: { answer: { type: 'string' } } });
const groups = new LineGroups(new SpeechFrames(readFileSync(values.answer ?? '')));

const TASKS: Readonly<Record<string, (request: unknown) => Promise<object>>> = {
  '/open': async (request) => {
    await groups.open(OpenSchema.parse(request));
    return {};
  },
  '/play': (request) => groups.play(PlaySchema.parse(request)),
  '/flood': (request) => groups.flood(FloodSchema.parse(request)),
};

async function answer(request: IncomingMessage): Promise<object> {
  const task = TASKS[request.url ?? ''];
  if (!task) throw new Error(`There is no ${request.url ?? ''}.`);
  return task(JSON.parse(await text(request)));
}

const server = createServer((request, response) => {
  answer(request).then(
    (result) => response.end(JSON.stringify(result)),
    (error: unknown) => {
      response.statusCode = 500;
      response.end(error instanceof Error ? error.message : String(error));
    },
  );
});

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port }));
});
