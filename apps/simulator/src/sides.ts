import type { Provider } from '@greenroom/contracts';
import { exotel } from './exotel/exotel';
import { plivo } from './plivo/plivo';
import type { LineAudio, ProviderSide } from './provider-side';
import { telnyx, telnyxTexml } from './telnyx/telnyx';
import { twilio } from './twilio/twilio';
import { vonage } from './vonage/vonage';

const SIDES: Readonly<Record<Provider, ProviderSide>> = { exotel, twilio, plivo, telnyx, vonage };
/** Hz */
const SAMPLE_RATE = 8000;

/** What the options say of provider and line. */
export interface LineChoice {
  provider?: Provider | undefined;
  /** Telnyx: TeXML in place of Call Control */
  texml?: boolean | undefined;
  sampleRate?: number | undefined;
}

export const sideOf = ({ provider = 'exotel', texml = false }: LineChoice): ProviderSide =>
  provider === 'telnyx' && texml ? telnyxTexml : SIDES[provider];

export const lineAudioOf = (choice: LineChoice): LineAudio =>
  sideOf(choice).lineAudio(choice.sampleRate ?? SAMPLE_RATE);
