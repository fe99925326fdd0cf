/*
 * What every provider's adapters have to hold, run once for each provider. A provider joins by bringing samples; where
 * providers differ, the samples say so as data.
 */
export {
  describeWebhookAdapter,
  getWith,
  postJson,
  postWith,
  requestFromText,
  type CallIdPlace,
  type CommandSample,
  type WebhookSamples,
} from './webhook.contract';
export {
  describeMediaAdapter,
  upgradeOf,
  withoutBlock,
  type MediaCapabilities,
  type MediaSamples,
} from './media.contract';
export { COMMAND_KEY, describeCallControlAdapter, type CallControlSamples } from './call-control.contract';
export { NOW, type Change, type SignatureSamples, type SignedSample } from './signature.contract';
