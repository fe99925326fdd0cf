/** A command of a fake's to Telnyx, and what came of it; `status` null: nobody answered. */
export interface FakeCommand {
  action: string;
  status: number | null;
}

/** As Greenroom would send it, tried until it is answered with anything but a 5xx. Never rejects. */
export async function commandTelnyx(
  apiUrl: string,
  callId: string,
  action: 'answer' | 'hangup' | 'transfer',
  body: object,
): Promise<FakeCommand> {
  for (let tries = 0; tries < 5; tries += 1) {
    const response = await fetch(`${apiUrl}/v2/calls/${encodeURIComponent(callId)}/actions/${action}`, {
      method: 'POST',
      headers: { authorization: 'Bearer KEY', 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, command_id: `${callId} ${action}` }),
    }).catch(() => null);
    await response?.body?.cancel();
    if (response && response.status < 500) return { action, status: response.status };
  }
  return { action, status: null };
}

export const answerBody = (streamUrl: string): object => ({
  stream_url: streamUrl,
  stream_track: 'inbound_track',
  stream_codec: 'PCMU',
  stream_bidirectional_mode: 'rtp',
  stream_bidirectional_codec: 'PCMU',
  stream_bidirectional_target_legs: 'both',
});
