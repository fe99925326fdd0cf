import { writeFileSync } from 'node:fs';
import { renderCallSheet } from '@greenroom/call-sheet';
import type { CallResult } from './call-options';
import { decodeSamples } from './line-samples';
import type { Call } from './prepare-call';
import type { SessionRecord } from './session-record';
import { sheetOf } from './sheet';
import { writeChannels, writeSpeech } from './speech';

/** Writes what is to be kept of a call, also of one that was refused. @throws {Error} if a file cannot be written */
export function keepCall(
  { plan, recording, audio, timeline }: Call,
  result: CallResult,
  record: SessionRecord | null,
): void {
  if (!recording) return;
  const { sampleRate } = audio;
  const { record: heardFile, recordBoth, sheet } = plan;
  if (heardFile !== undefined) {
    writeSpeech(heardFile, { samples: decodeSamples(recording.heard(), audio), sampleRate });
  }
  const channels = recording.channels();
  if (recordBoth !== undefined) writeChannels(recordBoth, channels);
  if (sheet === undefined) return;
  const beganAt = timeline.startedAt.getTime();
  writeFileSync(sheet, renderCallSheet(sheetOf({ result, record, channels, beganAt })));
}
