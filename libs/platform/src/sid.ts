import { hash } from 'node:crypto';
import { keyString, type CallKey } from '@greenroom/contracts';

/** A key's name in Redis: sha256 in hex, since a call id may hold `:` and a BullMQ job id may not. */
export const sidOf = (key: CallKey): string => hash('sha256', keyString(key), 'hex');
