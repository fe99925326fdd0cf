import { z } from 'zod';
import type { ApiSide, ApiVerdict, Command } from '../api/api-side';
import { decodePart, readCommand, type CommandShape } from '../api/read-command';
import { brokenRules } from '../broken-rules';
import { parseJson } from '../from-greenroom';

/* developers.telnyx.com, "Call commands": POST /v2/calls/CALL_CONTROL_ID/actions/ACTION */

const PATH = /^\/v2\/calls\/([^/]+)\/actions\/(answer|hangup|transfer)$/;
const KINDS = { answer: 'answer', hangup: 'hang-up', transfer: 'transfer' } as const;

const CommonSchema = z.object({ command_id: z.string().optional(), client_state: z.string().optional() });
const AnswerSchema = z.object({
  stream_url: z.url({ protocol: /^wss?$/ }),
  stream_track: z.enum(['inbound_track', 'outbound_track', 'both_tracks']).default('inbound_track'),
  stream_codec: z.enum(['PCMU', 'PCMA', 'G722', 'OPUS', 'AMR-WB', 'L16', 'default']).default('default'),
  stream_bidirectional_mode: z.enum(['mp3', 'rtp']).default('mp3'),
  stream_bidirectional_codec: z.enum(['PCMU', 'PCMA', 'G722', 'OPUS', 'AMR-WB', 'L16']).default('PCMU'),
  stream_bidirectional_target_legs: z.enum(['both', 'self', 'opposite']).default('opposite'),
  stream_auth_token: z.string().max(4000).optional(),
  custom_parameters: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
const TransferSchema = z.object({ to: z.string().min(1), target_leg_client_state: z.string().optional() });

export const telnyxApi: ApiSide = {
  read(request) {
    const [, id, action] = PATH.exec(request.path) ?? [];
    const callId = decodePart(id);
    if (!callId || action === undefined) return null;
    const kind = KINDS[action as keyof typeof KINDS];
    const body = (text: string) => readBody(kind, parseJson(text));
    return readCommand(request, { kind, callId, method: 'POST', scheme: 'Bearer', body });
  },
  answer(verdict) {
    const error = ERRORS[verdict];
    if (error === null) return { status: 200, body: '{"data":{"result":"ok"}}' };
    const { status, ...told } = error;
    return { status, body: JSON.stringify({ errors: [told] }) };
  },
};

/** 90018 and 90034 are documented; the code for a call that was answered before is not, so it has none here. */
const ERRORS: Readonly<Record<ApiVerdict, { status: number; code?: string; title: string } | null>> = {
  done: null,
  ended: { status: 422, code: '90018', title: 'Call has already ended' },
  'not-answered': { status: 422, code: '90034', title: 'Call not answered yet' },
  'answered-before': { status: 422, title: 'Call has already been answered' },
  unknown: { status: 404, code: '10005', title: 'Resource not found' },
  unauthorized: { status: 401, code: '10009', title: 'Authentication failed' },
  invalid: { status: 422, code: '10015', title: 'Bad Request' },
};

function readBody(kind: Command['kind'], body: unknown): ReturnType<CommandShape['body']> {
  const common = CommonSchema.safeParse(body).data;
  if (!common) return { command: null, wrong: [`the body of ${kind} is not a JSON object as documented`] };
  const commandId = common.command_id ?? null;
  switch (kind) {
    case 'answer':
      return { ...readAnswer(body), commandId };
    case 'hang-up':
      return { command: { kind }, commandId, wrong: [] };
    case 'transfer':
      return { ...readTransfer(body), commandId };
  }
}

/** What Telnyx does not need to be told, a caller does: what is left at its default would be noise, or silence. */
function readAnswer(body: unknown): Omit<ReturnType<CommandShape['body']>, 'commandId'> {
  const parsed = AnswerSchema.safeParse(body);
  if (!parsed.success) {
    const what = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    return { command: null, wrong: [`the body of answer: ${what}`] };
  }
  const { stream_url: url, custom_parameters: list, ...stream } = parsed.data;
  const { stream_bidirectional_codec: codec, stream_bidirectional_target_legs: legs } = stream;
  const wrong = brokenRules([
    [stream.stream_bidirectional_mode === 'rtp', 'answer asks for mp3: what it sends would not be heard'],
    [codec === 'PCMU', `answer sends ${codec}`],
    [stream.stream_track !== 'outbound_track', 'answer does not ask for the caller’s voice'],
    [legs !== 'opposite', 'answer sends to the opposite leg, of which a call that is not bridged has none'],
  ]);
  const parameters = Object.fromEntries(list.map(({ name, value }) => [name, value]));
  return { command: { kind: 'answer', place: { url, parameters, statusUrl: null, wrong } }, wrong: [] };
}

function readTransfer(body: unknown): Omit<ReturnType<CommandShape['body']>, 'commandId'> {
  const parsed = TransferSchema.safeParse(body).data;
  if (!parsed) return { command: null, wrong: ['the body of transfer has no `to`'] };
  const { to, target_leg_client_state: clientState = null } = parsed;
  const isDialable = /^\+[1-9]\d{6,14}$|^sips?:/.test(to);
  const wrong = isDialable ? [] : ['transfer goes to something that is neither E.164 nor SIP'];
  return { command: { kind: 'transfer', to, clientState }, wrong };
}
