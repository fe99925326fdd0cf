import { randomBytes } from 'node:crypto';
import { type CallKey } from '@greenroom/contracts';
import { mintStreamToken, signTwilio, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { type StackDescription } from '../stack/description';

const PROVIDER = 'twilio';
const ACCOUNT = 'default';
const GOOD_FOR_MS = 30 * 60_000;
/** as long as a real one */
const TOKEN_BYTES = 50;
/** one round of kinds in so many is wrongly signed */
const WRONGLY_SIGNED = 10;
const NOBODYS = 'a secret that is nobody’s, of more than 32 characters';

export type ForgedKind =
  | 'random bytes'
  | 'foreign secret'
  | 'other provider'
  | 'other account'
  | 'expired'
  | 'cut short'
  | 'used here'
  | 'used elsewhere';

/** Tokens that were right until a stream was opened with them. */
export interface UsedTokens {
  /** on the gateway that is knocked at, which remembers it */
  here: readonly string[];
  /** on another one, which has told Redis */
  elsewhere: readonly string[];
}

/** An upgrade that must be refused. */
export interface Forgery {
  kind: ForgedKind;
  rightlySigned: boolean;
  path: string;
  signature: string;
}

/**
 * Knows all that nobody outside should: mints what Greenroom would, and what is wrong with a token in one way only.
 * Upgrades are those of Twilio, which signs them, and are rightly signed but for a tenth: the token alone decides.
 */
export class Forger {
  private made = 0;
  private readonly kinds: [ForgedKind, () => string][];

  constructor(
    private readonly stack: StackDescription,
    used: UsedTokens = { here: [], elsewhere: [] },
  ) {
    const { streamTokenSecret: secret } = stack;
    const soon = (): number => Date.now() + GOOD_FOR_MS;
    const all: [ForgedKind, (() => string) | null][] = [
      ['random bytes', () => randomBytes(TOKEN_BYTES).toString('base64url')],
      ['foreign secret', () => mint(NOBODYS, keyOf({}), soon())],
      ['other provider', () => mint(secret, keyOf({ provider: 'plivo' }), soon())],
      ['other account', () => mint(secret, keyOf({ account: 'welcome' }), soon())],
      ['expired', () => mint(secret, keyOf({}), Date.now() - 1000)],
      ['cut short', () => mint(secret, keyOf({}), soon()).slice(0, -1 - Math.floor(Math.random() * 20))],
      ['used here', inTurn(used.here)],
      ['used elsewhere', inTurn(used.elsewhere)],
    ];
    this.kinds = all.flatMap(([kind, make]) => (make ? [[kind, make]] : []));
  }

  /** All kinds in turn. */
  next(): Forgery {
    const round = Math.floor(this.made / this.kinds.length);
    const [kind, make] = this.kinds[this.made % this.kinds.length] as [ForgedKind, () => string];
    this.made += 1;
    const rightlySigned = round % WRONGLY_SIGNED !== WRONGLY_SIGNED - 1;
    return { kind, rightlySigned, ...this.shown(make(), rightlySigned) };
  }

  /** A token that is right, for a call that nobody has announced. */
  right(callId: string): string {
    return mint(this.stack.streamTokenSecret, keyOf({ callId }), Date.now() + GOOD_FOR_MS);
  }

  /** How an upgrade shows a token. */
  shown(token: string, rightlySigned = true): Pick<Forgery, 'path' | 'signature'> {
    const { accounts, publicMediaUrl } = this.stack;
    const account = accounts.find(({ provider, account: name }) => provider === PROVIDER && name === ACCOUNT);
    const path = `/ws/${PROVIDER}/${ACCOUNT}/${token}`;
    const secret = rightlySigned ? (account?.authToken ?? '') : NOBODYS;
    return { path, signature: signTwilio(secret, publicMediaUrl + path, {}) };
  }
}

/** As Twilio names its calls. */
export const newCallSid = (): string => `CA${randomBytes(16).toString('hex')}`;

const keyOf = (more: Partial<CallKey>): CallKey => ({
  ...{ provider: PROVIDER, account: ACCOUNT, callId: newCallSid() },
  ...more,
});

const mint = (secret: string, key: CallKey, expiresAt: number): string =>
  mintStreamToken(secret, key, expiresAt, randomBytes(STREAM_TOKEN_NONCE_BYTES));

function inTurn(tokens: readonly string[]): (() => string) | null {
  let next = 0;
  return tokens.length === 0 ? null : () => tokens[next++ % tokens.length] ?? '';
}
