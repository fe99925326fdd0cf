import { type OwnStack } from '../own-stack';
import { answerFileIn, type Assistant } from './accounts';
import { BARE_MODES, type BareMode } from './bare-echo';
import { Load } from './load';
import { connectBare, connectGateway, type MediaServer } from './servers';
import { type Size, type Sizes } from './settings';

/** Ours by what it does with the audio, or a bare one. */
export type ServerKind = Assistant | BareMode;

/** The gateways, in their order: one for each number of calls. */
export const GATEWAYS = [
  { assistant: 'echo', size: 'few' },
  { assistant: 'echo', size: 'some' },
  { assistant: 'echo', size: 'many' },
  { assistant: 'talk', size: 'few' },
  { assistant: 'talk', size: 'some' },
] as const satisfies readonly { assistant: Assistant; size: Size }[];

/** All servers, and callers who are connected with each of them. */
export class Rig {
  private readonly gateways = new Map<string, MediaServer>();
  private readonly bare = new Map<BareMode, MediaServer>();

  private constructor(readonly load: Load) {}

  static async connect(own: OwnStack, sizes: Sizes, say: (line: string) => void): Promise<Rig> {
    const rig = new Rig(await Load.start(answerFileIn(own.folder)));
    try {
      for (const [gateway, { assistant, size }] of GATEWAYS.entries()) {
        say(`connecting ${sizes[size]} calls to ${assistant}`);
        const options = { gateway, assistant, lines: sizes[size] };
        rig.gateways.set(`${assistant} ${size}`, await connectGateway(own, rig.load, options));
      }
      say('starting bare servers');
      for (const mode of BARE_MODES) rig.bare.set(mode, await connectBare(rig.load, mode, sizes.many));
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  server(kind: ServerKind, size: Size): MediaServer {
    const server = isBare(kind) ? this.bare.get(kind) : this.gateways.get(`${kind} ${size}`);
    if (!server) throw new Error(`There is no server for ${kind} and ${size} calls.`);
    return server;
  }

  async stop(): Promise<void> {
    await this.load.stop();
    for (const server of this.bare.values()) await server.stop();
  }
}

const isBare = (kind: ServerKind): kind is BareMode => BARE_MODES.some((mode) => mode === kind);
