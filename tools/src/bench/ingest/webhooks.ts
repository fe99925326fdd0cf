import { signTwilio } from '@greenroom/telephony';
import { type KnownAccount } from '../../stack/accounts-file';
import { type StackDescription } from '../../stack/description';

/** Callers are known by their numbers, of which there are so many. */
export const CALLERS = 20_000;
/** Neighbours are far from each other, as callers are who call at the same time: no factor of `CALLERS`. */
const STRIDE = 7919;

/** Of a series, so that no two requests of one bench announce the same call. */
export const callIdOf = (series: string, index: number): string => `bench-${series}-${index}`;

/** Without the country code. */
const nationalOf = (index: number): string => `90000${String((index * STRIDE) % CALLERS).padStart(5, '0')}`;

export const accountOf = ({ accounts }: StackDescription, provider: string): KnownAccount => {
  const found = accounts.find((each) => each.provider === provider && each.account === 'default');
  if (!found) throw new Error(`The stack has no account of ${provider}.`);
  return found;
};

export const EXOTEL_PATH = '/webhooks/exotel/default/passthru';
export const TWILIO_PATH = '/webhooks/twilio/default/voice';
const OWN_NUMBER = '+918000000002';

export const basicOf = ({ username, password }: KnownAccount): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Builds whole requests, ready to be written, every other one of either provider. */
export function webhookBuilder(description: StackDescription): (series: string, index: number) => Buffer {
  const authorization = basicOf(accountOf(description, 'exotel'));
  const { authToken = '' } = accountOf(description, 'twilio');
  const { publicBaseUrl } = description;
  return (series, index) =>
    index % 2 === 0
      ? exotelPassthru(callIdOf(series, index), nationalOf(index), authorization)
      : twilioVoice(callIdOf(series, index), nationalOf(index), { publicBaseUrl, authToken });
}

/** The parameters of a Passthru applet (support.exotel.com 48283); numbers in national form. */
function exotelPassthru(callId: string, national: string, authorization: string): Buffer {
  const query = new URLSearchParams({
    ...{ CallSid: callId, CallFrom: `0${national}`, CallTo: '08000000002', Direction: 'incoming' },
    ...{ Created: 'Wed, 07 Jan 2026 10:21:05', DialCallDuration: '0', CallType: 'call-attempt' },
    ...{ flow_id: '812345', tenant_id: '123456', From: `0${national}`, To: '08000000002' },
    ...{ CurrentTime: '2026-01-07 10:21:05', digits: '"1"' },
  });
  return request(`GET ${EXOTEL_PATH}?${query.toString()}`, { Authorization: authorization });
}

function twilioVoice(
  CallSid: string,
  national: string,
  { publicBaseUrl, authToken }: { publicBaseUrl: string; authToken: string },
): Buffer {
  const parameters = {
    ...{ CallSid, AccountSid: 'AC00000000000000000000000000000001', From: `+91${national}`, To: OWN_NUMBER },
    ...{ CallStatus: 'ringing', ApiVersion: '2010-04-01', Direction: 'inbound', CallerName: 'ASHA RAO' },
    ...{ FromCity: 'MUMBAI', FromState: 'MH', FromCountry: 'IN', ToCountry: 'IN' },
    ...{ Caller: `+91${national}`, Called: OWN_NUMBER },
  };
  const body = new URLSearchParams(parameters).toString();
  return request(
    `POST ${TWILIO_PATH}`,
    {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Twilio-Signature': signTwilio(authToken, publicBaseUrl + TWILIO_PATH, parameters),
      'User-Agent': 'TwilioProxy/1.1',
    },
    body,
  );
}

const request = (line: string, headers: Readonly<Record<string, string>>, body = ''): Buffer =>
  Buffer.from(
    [
      `${line} HTTP/1.1`,
      'Host: 127.0.0.1',
      ...Object.entries(headers).map((pair) => pair.join(': ')),
      '',
      body,
    ].join('\r\n'),
  );
