/** One line that a process of the stack has written. */
export interface LogLine {
  /** such as `ingest` or `gateway-2` */
  process: string;
  text: string;
  /** null: not JSON, such as what is written to stderr before the logger exists */
  fields: Record<string, unknown> | null;
}

export function parseLine(process: string, text: string): LogLine {
  let fields: unknown = null;
  try {
    fields = JSON.parse(text);
  } catch {
    // plain text
  }
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  return { process, text, fields: isObject ? (fields as Record<string, unknown>) : null };
}

const SHOWN_ELSEWHERE = new Set(['time', 'level', 'msg', 'pid', 'hostname', 'service']);

/** For people: time of day, process, level, message, and the remaining fields as `name=value`. */
export function readable({ process, text, fields }: LogLine): string {
  if (!fields) return `${' '.repeat(12)}  ${process.padEnd(9)}        ${text}`;
  const { time, level, msg } = fields;
  const rest = Object.entries(fields)
    .filter(([name, value]) => !SHOWN_ELSEWHERE.has(name) && value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [timeOfDay(time), process.padEnd(9), asText(level).padEnd(5), asText(msg), rest.join(' ')]
    .join('  ')
    .trimEnd();
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

function timeOfDay(time: unknown): string {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : Number.NaN);
  if (Number.isNaN(date.getTime())) return ' '.repeat(12);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
