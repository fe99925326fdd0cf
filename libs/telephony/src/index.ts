import type { Provider } from '@greenroom/contracts';
import { exotelMedia } from './exotel/media';
import { exotelWebhook } from './exotel/webhook';
import type { MediaAdapter, WebhookAdapter } from './port';
import { twilioMedia } from './twilio/media';
import { twilioWebhook } from './twilio/webhook';

export const webhookAdapters: Readonly<Record<Provider, WebhookAdapter>> = {
  exotel: exotelWebhook,
  twilio: twilioWebhook,
};

export const mediaAdapters: Readonly<Record<Provider, MediaAdapter>> = {
  exotel: exotelMedia,
  twilio: twilioMedia,
};

export type {
  AnswerContext,
  AudioFormat,
  InboundMessage,
  MediaAdapter,
  MediaCodec,
  OutboundRule,
  StreamStart,
  Webhook,
  WebhookAccount,
  WebhookAdapter,
  WebhookAnswer,
  WebhookRequest,
} from './port';
export { alawFromPcm, alawToPcm, mulawFromPcm, mulawToPcm } from './audio/g711';
export { s16leFromPcm, s16leToPcm } from './audio/pcm';
export { decodeAudio, encodeAudio, silence } from './audio/format';
export { resample } from './audio/resample';
export { readWav, writeWav, type Wav } from './audio/wav';
export { toE164, toE164OrText } from './phone-number';
export { signTwilio } from './twilio/signature';
