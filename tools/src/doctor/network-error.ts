/** What to make of the codes of Node, OpenSSL, Postgres and Redis, each with what to do. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND:
    'the host name is not known here; names of a cluster or of compose are known only inside it: run this there',
  EAI_AGAIN: 'the host name cannot be looked up here: is there a name server?',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'no answer in time: a firewall, or the wrong address',
  EHOSTUNREACH: 'the host cannot be reached from here',
  ENETUNREACH: 'the network cannot be reached from here',
  EPROTO: 'no TLS is spoken there: is the port right?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there: is the port right?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS is spoken there: is the port right?',
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: is the clock right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: providers refuse it',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate was issued by an authority that nobody knows: providers refuse it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the chain of its certificate is incomplete, or its authority is not known: serve the intermediate certificates too',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the chain of its certificate is incomplete: serve the intermediate certificates too',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  '28P01': 'user or password is wrong',
  '28000':
    'the server lets nobody in from here with this user (pg_hba.conf), or wants TLS: try ?sslmode=require',
  '3D000': 'there is no such database: create it',
  '42501': 'this user may not do that: grant it',
  '53300': 'the server has no connection left: raise max_connections, or use a pooler',
  '57P03': 'the server is starting or stopping',
  WRONGPASS: 'user or password is wrong',
  NOAUTH: 'it wants a password: put it into the URL',
  NOPERM: 'this user may not do that: extend its ACL',
  LOADING: 'it is still reading its data: wait',
  READONLY: 'it is a replica and takes no writes: name the primary',
};

/** An error of a connection as a sentence without a full stop; never holds a URL. */
export function inWords(error: unknown): string {
  const code = codeOf(error);
  const known = WORDS[code];
  if (known !== undefined) return `${known} (${code})`;
  return messageOf(error) || code || 'it failed for no known reason';
}

/** `ECONNREFUSED`, `28P01`, `WRONGPASS`; empty if it has none. */
export function codeOf(error: unknown): string {
  const { code, errors } = Object(error) as { code?: unknown; errors?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  // several addresses were tried: what became of them is in it
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  const message = messageOf(error);
  if (/timed? ?out|timeout/i.test(message)) return 'ETIMEDOUT';
  const [word = ''] = message.replace(/^ERR /, '').split(/[\s:]/, 1);
  return Object.hasOwn(WORDS, word) ? word : '';
}

function messageOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}
