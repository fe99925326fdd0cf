import type { Provider } from '@greenroom/contracts';
import { exotel } from './exotel/exotel';
import type { LineAudio, ProviderSide } from './provider-side';
import { twilio } from './twilio/twilio';

const SIDES: Readonly<Record<Provider, ProviderSide>> = { exotel, twilio };
/** Hz */
const SAMPLE_RATE = 8000;

/** What the options say of provider and line. */
export interface LineChoice {
  provider?: Provider | undefined;
  sampleRate?: number | undefined;
}

export const sideOf = ({ provider = 'exotel' }: LineChoice): ProviderSide => SIDES[provider];

export const lineAudioOf = (choice: LineChoice): LineAudio =>
  sideOf(choice).lineAudio(choice.sampleRate ?? SAMPLE_RATE);
