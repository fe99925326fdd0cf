import type { IncomingHttpHeaders } from 'node:http';
import type { StreamPlace, Transfer } from '../stream-place';

/** A request to the provider's REST API, as it came. */
export interface ApiRequest {
  method: string;
  /** without the query */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ApiAnswer {
  status: number;
  body: string;
}

/** What Greenroom wants of a call. */
export type Command =
  { kind: 'answer'; place: StreamPlace } | { kind: 'hang-up' } | ({ kind: 'transfer' } & Transfer);

/** What a request is, by its provider's documents. */
export interface ReadCommand {
  callId: string;
  kind: Command['kind'];
  /** a string: nothing comes of it, and it is answered so */
  command: Command | 'unauthorized' | 'invalid';
  /** Telnyx: one with the same id is done once; null: each is done */
  commandId: string | null;
  /** what is against the provider's rules, also where it is done */
  wrong: readonly string[];
}

/** What an answer can say. `ended`: there is no such call any more; `unknown`: there never was. */
export type ApiVerdict =
  'done' | 'ended' | 'unknown' | 'unauthorized' | 'invalid' | 'not-answered' | 'answered-before';

/** One provider's REST API, as far as calls are concerned: paths, bodies, answers. */
export interface ApiSide {
  /** null: not a path of this provider */
  read(request: ApiRequest): ReadCommand | null;
  answer(verdict: ApiVerdict): ApiAnswer;
}
