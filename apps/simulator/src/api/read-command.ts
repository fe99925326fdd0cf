import type { ApiRequest, Command, ReadCommand } from './api-side';

/** How one kind of request has to look, beside its path. */
export interface CommandShape {
  kind: Command['kind'];
  callId: string;
  method: string;
  /** such as `Basic` */
  scheme: 'Basic' | 'Bearer';
  /** what the body asks for; null: it cannot be understood */
  body: (body: string) => Pick<ReadCommand, 'wrong'> & { command: Command | null; commandId?: string | null };
}

/** Checks what all APIs have: a method, and who it is. A provider does nothing for whom it does not know. */
export function readCommand(request: ApiRequest, shape: CommandShape): ReadCommand {
  const { kind, callId, method, scheme } = shape;
  const name = `the command ${kind}`;
  const refused = (command: 'unauthorized' | 'invalid', what: string): ReadCommand => ({
    ...{ callId, kind, command, commandId: null },
    wrong: [what],
  });
  if (request.method !== method)
    return refused('invalid', `${name} comes as ${request.method}, not ${method}`);
  if (!isCredential(request.headers.authorization, scheme)) {
    return refused('unauthorized', `${name} has no Authorization: ${scheme}`);
  }
  const { command, commandId = null, wrong } = shape.body(request.body);
  return { callId, kind, command: command ?? 'invalid', commandId, wrong };
}

function isCredential(authorization: string | undefined, scheme: CommandShape['scheme']): boolean {
  const [, given, value = ''] = /^(\w+) (\S+)$/.exec(authorization ?? '') ?? [];
  if (given !== scheme) return false;
  return scheme === 'Bearer' || Buffer.from(value, 'base64').toString('utf8').includes(':');
}

/** Null where the text is no part of a URL. */
export function decodePart(part: string | undefined): string | null {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return null;
  }
}
