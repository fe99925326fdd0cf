import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout: a static message, and fields. */
export const createLogger = (service: string, level: string): Logger =>
  pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });

/** Of a shorter number, such as a national one that was not understood, nothing can be shown that leaves enough hidden. */
const SHORTEST_SHOWN = 11;

/** `+919000000001` as `+91******0001`: enough to find a call by, too little to ring. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  return phone.length < SHORTEST_SHOWN ? '******' : `${phone.slice(0, 3)}******${phone.slice(-4)}`;
}

/** An error as fields: its kind and message, without the stack's paths. */
export const errorFields = (error: unknown): { error: string; message?: string; code?: string } =>
  error instanceof Error
    ? {
        error: error.name,
        // some network errors of Node have an empty message and only a code
        message: error.message.slice(0, 256),
        ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
      }
    : { error: typeof error };

/** What Nest itself has to say: its start-up lines at `debug`, its warnings and errors as they are. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]) => ({
    context: rest.at(-1),
    ...(rest.length > 1 ? { stack: String(rest[0]).slice(0, 1000) } : {}),
  });
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(context(rest), String(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(context(rest), String(message)),
  };
}
