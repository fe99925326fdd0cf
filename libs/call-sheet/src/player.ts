import { audioLengthMs } from './axis';
import { audioUrl } from './audio-url';
import { type CallSheet } from './call-sheet';
import { markup, type Markup, verbatim } from './markup';

/** 26 MB of page at 8 kHz: more than that is neither mailed nor opened with joy. */
export const LONGEST_AUDIO_MS = 600_000;

/** The audio of both, or the sentence that says why there is none. */
export function drawPlayer(audio: CallSheet['audio']): Markup {
  const lengthMs = audioLengthMs(audio);
  if (lengthMs === 0) return markup`<p class="none">No audio was kept.</p>`;
  if (lengthMs > LONGEST_AUDIO_MS) {
    return markup`<p class="none">The audio is left out, since it is longer than ${LONGEST_AUDIO_MS / 60_000} minutes.</p>`;
  }
  const url = verbatim(audioUrl(audio));
  return markup`<div class="player"><audio controls preload="auto" aria-label="The call: caller left, assistant right" src="${url}"></audio><p>Caller <b class="caller">left</b>, assistant <b class="assistant">right</b>.<span class="scripted"> Click the chart, or a time below, to listen from there.</span></p></div>`;
}
