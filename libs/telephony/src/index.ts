import type { Provider } from '@greenroom/contracts';
import { exotelMedia } from './exotel/media';
import { exotelWebhook } from './exotel/webhook';
import { plivoCallControl } from './plivo/call-control';
import { plivoMedia } from './plivo/media';
import { plivoWebhook } from './plivo/webhook';
import type { CallControlAdapter, MediaAdapter, WebhookAdapter } from './port';
import { telnyxCallControl } from './telnyx/call-control';
import { telnyxMedia } from './telnyx/media';
import { telnyxWebhook } from './telnyx/webhook';
import { twilioCallControl } from './twilio/call-control';
import { twilioMedia } from './twilio/media';
import { twilioWebhook } from './twilio/webhook';
import { vonageCallControl } from './vonage/call-control';
import { vonageMedia } from './vonage/media';
import { vonageWebhook } from './vonage/webhook';

export const webhookAdapters: Readonly<Record<Provider, WebhookAdapter>> = {
  exotel: exotelWebhook,
  twilio: twilioWebhook,
  plivo: plivoWebhook,
  telnyx: telnyxWebhook,
  vonage: vonageWebhook,
};

export const mediaAdapters: Readonly<Record<Provider, MediaAdapter>> = {
  exotel: exotelMedia,
  twilio: twilioMedia,
  plivo: plivoMedia,
  telnyx: telnyxMedia,
  vonage: vonageMedia,
};

/** Providers that are told something over their REST API. */
export const callControlAdapters: Readonly<Partial<Record<Provider, CallControlAdapter>>> = {
  twilio: twilioCallControl,
  plivo: plivoCallControl,
  telnyx: telnyxCallControl,
  vonage: vonageCallControl,
};

export type {
  AnswerContext,
  ApiCredentials,
  ApiRequest,
  AudioFormat,
  InboundMessage,
  MediaAdapter,
  CallCommand,
  CallControlAdapter,
  CommandOutcome,
  MediaCodec,
  OutboundRule,
  StreamStart,
  Webhook,
  WebhookAccount,
  WebhookAdapter,
  WebhookAnswer,
  WebhookRequest,
  StreamRule,
  WireMessage,
} from './port';
export { alawFromPcm, alawToPcm, mulawFromPcm, mulawToPcm } from './audio/g711';
export { s16leFromPcm, s16leToPcm } from './audio/pcm';
export { decodeAudio, encodeAudio, silence } from './audio/format';
export { AudioPool } from './audio/pool';
export { AudioScratch } from './audio/scratch';
export { resample } from './audio/resample';
export { readWav, writeWav, type Wav } from './audio/wav';
export { Reorder } from './reorder';
export { knowsCountry, toE164, toE164OrText } from './phone-number';
export {
  isTokenOf,
  mintStreamToken,
  openStreamToken,
  STREAM_TOKEN_NONCE_BYTES,
  type StreamToken,
} from './stream-token';
export { signPlivo } from './plivo/signature';
export { signTelnyx, telnyxPublicKey } from './telnyx/signature';
export { signTwilio } from './twilio/signature';
export { signVonage } from './vonage/signature';
