import { asBuffer } from './base64';
import { FrameTemplate, type FrameNumbers } from './frame-template';
import type { InboundMessage } from './port';

/** So many messages of audio in a row that have another form: the stream has changed its own, and one is learned anew. */
const MISSES = 8;

/**
 * Reads the text messages of one stream from their bytes. Almost all of them are audio, and of the same form: those are
 * read by a template, at a fraction of what a parser takes. All others go to the parser, which decides alone what a
 * message means.
 */
export class AudioFrames {
  private template: FrameTemplate | null = null;
  // the first is learned at once
  private misses = MISSES - 1;

  constructor(
    private readonly numbers: FrameNumbers,
    private readonly parse: (text: string) => InboundMessage,
  ) {}

  /** @param text UTF-8 */
  read(text: Uint8Array): InboundMessage {
    const bytes = asBuffer(text);
    const audio = this.template?.read(bytes);
    if (audio) {
      this.misses = 0;
      return audio;
    }
    const message = this.parse(bytes.toString('utf8'));
    if (message.kind === 'audio' && ++this.misses >= MISSES) {
      this.misses = 0;
      this.template = FrameTemplate.learn(bytes, message, this.numbers) ?? this.template;
    }
    return message;
  }
}
