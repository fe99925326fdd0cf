import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { toE164 } from '../phone-number';
import { plainText } from '../plain-text';

/** Digits as Plivo sends them: country code first, no `+`, never a 0 in front. */
const DIGITS = /^[1-9]\d{6,14}$/;

/**
 * A phone number in E.164; null where it cannot be understood, was withheld, or is a SIP address. Plivo's numbers are
 * international without the `+` (plivo.com/docs/voice/xml/request), so that is what digits are where any country has
 * such a number; carriers that pass on national ones are understood by the account's country.
 * @param country ISO 3166-1 alpha-2
 */
export function plivoNumber(raw: string, country: string): string | null {
  const digits = raw.trim();
  if (!DIGITS.test(digits)) return toE164(raw, country);
  const international = `+${digits}`;
  if (isValid(international)) return toE164(international, country);
  return toE164(digits, country) ?? toE164(international, country);
}

/** In E.164 where it can be understood, otherwise as it came, within the contract's bounds; null for nothing. */
export function plivoParty(raw: string | null, country: string): string | null {
  return raw === null ? null : (plivoNumber(raw, country) ?? (plainText(raw, 64) || null));
}

const isValid = (number: string): boolean =>
  parsePhoneNumberFromString(number, { extract: false })?.isValid() ?? false;
