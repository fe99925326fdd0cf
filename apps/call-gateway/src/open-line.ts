import type { CallLine } from '@greenroom/conversation';
import { bytesPerMs } from './bytes-per-ms';
import type { AnswerPorts, Line, OwnedCall } from './call';
import { Playback, type PlaybackWatch } from './playback';

export interface OpenLine {
  line: CallLine;
  /** the caller was handed to the provider's next step */
  readonly transferred: boolean;
  /** Nothing is played any more. */
  stop(): void;
}

/** What a conversation may do on this call, in the provider's own terms. */
export function openLine(
  { connection, start, route }: Line,
  call: OwnedCall,
  ports: AnswerPorts,
  watch: PlaybackWatch | undefined,
): OpenLine {
  const { format } = start;
  const rule = route.adapter.outbound;
  const playback = new Playback({
    ...{ codec: connection.codec, format, rule, watch },
    ...{ ticker: ports.ticker, leadMs: ports.leadMs },
    // after a pause of this process the call may be another's: nothing is said until the claim is sure again
    send: (message) => !call.claim.holds || connection.send(message),
  });
  let transferred = false;
  // the provider asks as soon as the stream is closed, so the answer has to be there before
  const transfer = async () => {
    await call.claim.decideNext('transfer');
    transferred = true;
    connection.close('finished');
  };
  return {
    line: {
      sampleRate: format.sampleRate,
      granularity: {
        inboundMs: rule.inboundMs,
        uncutMs: rule.clearCutsMessage ? 0 : rule.messageBytes(format) / bytesPerMs(format),
      },
      play: (pcm) => playback.play(pcm),
      mark: (name) => playback.mark(name),
      clear: () => playback.clear(),
      hangUp: () => playback.whenPlayed(() => connection.close('finished')),
      transfer: () => playback.whenPlayed(() => void transfer()),
    },
    get transferred() {
      return transferred;
    },
    stop: () => playback.stop(),
  };
}
