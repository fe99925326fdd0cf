import { parseObject, read, readText, asObject } from '../json';
import type { ApiCredentials, ApiRequest, CallCommand, CallControlAdapter, CommandOutcome } from '../port';
import { transferState } from './client-state';

/* developers.telnyx.com, "Call commands": POST /v2/calls/CALL_CONTROL_ID/actions/ACTION */

/**
 * Only what the page of `answer` names: it has neither `custom_parameters` nor a sampling rate, as `streaming_start` has
 * them; the rate is 8000 unless told otherwise, and PCMU has no other.
 */
function streamOptions(streamUrl: string): Record<string, string> {
  return {
    stream_url: streamUrl,
    stream_track: 'inbound_track',
    // what we hear; by default the codec of the call. Telnyx makes PCMU of PCMA, and of no other codec
    stream_codec: 'PCMU',
    // what we say; by default whole MP3 files, one a second
    stream_bidirectional_mode: 'rtp',
    stream_bidirectional_codec: 'PCMU',
    // by default `opposite`, of which a call that is not bridged has none
    stream_bidirectional_target_legs: 'both',
  };
}

interface Action {
  name: 'answer' | 'hangup' | 'transfer';
  body: Record<string, string>;
}

function actionOf(command: CallCommand): Action {
  switch (command.kind) {
    case 'answer':
      return { name: 'answer', body: streamOptions(command.streamUrl) };
    case 'hang-up':
      return { name: 'hangup', body: {} };
    case 'transfer':
      // the person sees the number that was called, since that is ours (`from` is not set)
      return {
        name: 'transfer',
        body: { to: command.to, target_leg_client_state: transferState(command.callId) },
      };
  }
}

function request(
  command: CallCommand,
  { apiKey }: ApiCredentials,
  { idempotencyKey }: { idempotencyKey: string },
): ApiRequest {
  const { name, body } = actionOf(command);
  return {
    method: 'POST',
    path: `/v2/calls/${encodeURIComponent(command.callId)}/actions/${name}`,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    // a command with the same id for the same call is ignored, for 60 s
    body: JSON.stringify({ ...body, command_id: idempotencyKey }),
  };
}

/** "Call has already ended": this call is no longer active and can't receive commands. */
const ENDED = '90018';
/** "Call not answered yet": it will be, or it will end. */
const NOT_ANSWERED_YET = '90034';

/**
 * A call that has been answered before, by a try whose answer was lost more than 60 s ago, is an error whose code is
 * documented nowhere, so it is known by its title; were it another, the outcome would be `refused`. A 404, or 90015
 * ("Invalid Call Control ID"), is what the key of another account gets, so neither passes for a call that has ended.
 */
function outcomeOf422(body: string): CommandOutcome {
  const errors = read(parseObject(body) ?? {}, 'errors');
  const [error] = Array.isArray(errors) ? errors.map(asObject) : [];
  const code = error ? readText(error, 'code') : null;
  if (code === ENDED) return 'gone';
  if (code === NOT_ANSWERED_YET) return 'retry';
  return /already (been )?answered/i.test((error && readText(error, 'title')) ?? '') ? 'done' : 'refused';
}

function outcome(status: number | null, body: string): CommandOutcome {
  if (status === null || status === 408 || status === 429 || status >= 500) return 'retry';
  if (status >= 200 && status < 300) return 'done';
  return status === 422 ? outcomeOf422(body) : 'refused';
}

export const telnyxCallControl: CallControlAdapter = {
  provider: 'telnyx',
  baseUrl: 'https://api.telnyx.com',
  commands: ['answer', 'hang-up', 'transfer'],
  request,
  outcome,
};
