import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { plainText } from './plain-text';

/** As contracts want a customer's number: libphonenumber knows a few that are shorter. */
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * What Twilio puts in place of a withheld number: ANONYMOUS, RESTRICTED (with and without a country code), BLOCKED,
 * UNKNOWN and UNAVAILABLE as spelt on a keypad (support.twilio.com 223179988). Two of them pass for real numbers.
 */
const WITHHELD = new Set([
  '+266696687',
  '+7378742833',
  '+17378742833',
  '+2562533',
  '+8656696',
  '+86282452253',
]);

/** What contracts keep of `from` and `to`; no number is written that long. */
const MAX_LENGTH = 64;

/**
 * A phone number in E.164, or null where it cannot be understood or was withheld.
 * Understood: `+` and the country code; national with or without the leading 0, by `country`; the country code
 * without its `+`; a blank in place of the `+`, which is what is left of a `+` that was not percent-encoded.
 * @param country ISO 3166-1 alpha-2
 */
export function toE164(raw: string, country: string): string | null {
  if (raw.length > MAX_LENGTH) return null;
  const asked = `${country} ${raw}`;
  const known = understood.get(asked);
  if (known !== undefined) return known;
  const number = understand(raw, country);
  if (understood.size >= MAX_UNDERSTOOD) forgetOldest();
  understood.set(asked, number);
  return number;
}

/**
 * A webhook names its caller two or three times, and our own number stands in all of them, while to understand a number
 * costs as much as all the rest of the parsing. Few are kept, and in memory alone: enough for the webhooks at hand.
 */
const understood = new Map<string, string | null>();
const MAX_UNDERSTOOD = 256;

function forgetOldest(): void {
  for (const oldest of understood.keys()) {
    understood.delete(oldest);
    return;
  }
}

function understand(raw: string, country: string): string | null {
  const trimmed = raw.trim();
  const bare = /^\d+$/.test(trimmed);
  if (trimmed.startsWith('+')) return international(trimmed);
  return (
    (bare && /^\s/.test(raw) ? international(`+${trimmed}`) : null) ??
    national(trimmed, country) ??
    (bare ? valid(`+${trimmed}`) : null)
  );
}

/** In E.164 where it can be understood, otherwise as it came, within the contract's bounds; null for nothing. */
export function toE164OrText(raw: string | null, country: string): string | null {
  return raw === null ? null : (toE164(raw, country) ?? (plainText(raw, MAX_LENGTH) || null));
}

/** The number names its own country: its length is enough, since ranges open faster than metadata is updated. */
function international(text: string): string | null {
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isPossible() ? checked(number.number) : null;
}

/** Whether national numbers of it can be understood. @param country ISO 3166-1 alpha-2 */
export const knowsCountry = (country: string): boolean => isSupportedCountry(country);

function national(text: string, country: string): string | null {
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? valid(text, code) : null;
}

/** Where the country is our guess, the number has to be one of that country's ranges. */
function valid(text: string, country?: CountryCode): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  return number?.isValid() ? checked(number.number) : null;
}

const checked = (number: string): string | null =>
  E164.test(number) && !WITHHELD.has(number) ? number : null;
