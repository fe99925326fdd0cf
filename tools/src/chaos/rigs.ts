import { type RigOptions } from './rig';

/** What most scenarios run on, all settings as they come. */
export const PLAIN: RigOptions = { gateways: 2 };

/** A proxy between the gateway and its Redis. */
export const PROXIED: RigOptions = { redisProxy: true };

/** Gateways that are ended one after the other; the second one's patience is short. */
export const DRAINED: RigOptions = {
  gateways: 3,
  env: { gateway: { DRAIN_SECONDS: '60' }, 'gateway-2': { DRAIN_SECONDS: '2' } },
};

/** Of its own: what is measured are the process's memory and handles before and after. */
export const UNTOUCHED: RigOptions = { gateways: 2 };
