import type { AccountValues } from './console-values';
import { GROUPS, type Finding, type Group, type Status } from './finding';

const TITLES: Readonly<Record<Group, string>> = {
  settings: 'Settings of each process',
  accounts: 'Accounts',
  dialogues: 'Dialogues',
  tokens: 'Stream tokens',
  stores: 'Stores',
  clock: 'Clocks',
  url: 'Public URLs',
  webhooks: 'Webhooks, through the public URL',
  media: 'Streams, through the public URL',
  admin: 'Processes',
};

const WORDS: Readonly<Record<Status, string>> = {
  ok: 'ok',
  warning: 'warning',
  wrong: 'WRONG',
  'not-checked': '-',
};

/** One line for each check, under the title of its group. */
export function printFindings(findings: readonly Finding[]): string[] {
  const all = merged(findings);
  return GROUPS.flatMap((group) => {
    const own = all.filter((finding) => finding.group === group);
    const width = Math.max(...own.map(({ check }) => check.length));
    const lines = own.map(
      ({ status, check, message }) =>
        `  ${WORDS[status].padEnd(7)}  ${check.padEnd(width)}  ${oneLine(message)}`,
    );
    return own.length === 0 ? [] : [TITLES[group], ...lines, ''];
  });
}

/** characters: names that are shorter together all stand in a line */
const NAMED = 32;

/** What is wrong with all in the same way is one fault: a proxy that leads nowhere would fill a screen. */
function merged(findings: readonly Finding[]): Finding[] {
  const same = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { group, check, status, message } = finding;
    const key = JSON.stringify([group, status, message, ...(status === 'ok' ? [check] : [])]);
    same.set(key, [...(same.get(key) ?? []), finding]);
  }
  return [...same.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, check: namesOf([first, ...others].map(({ check }) => check)) }] : [],
  );
}

function namesOf(names: readonly string[]): string {
  const all = names.join(', ');
  if (names.length === 1 || all.length <= NAMED) return all;
  return `${names[0] ?? ''} and ${names.length - 1} ${names.length === 2 ? 'other' : 'others'}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, '; ');

export function printValues(accounts: readonly AccountValues[]): string[] {
  if (accounts.length === 0) return [];
  return ['What to enter at the providers', ...accounts.flatMap(printAccount), ''];
}

function printAccount({ account, values, notes }: AccountValues): string[] {
  const width = Math.max(...values.map(({ where }) => where.length));
  return [
    '',
    `  ${account}`,
    ...values.map(({ where, value }) => `    ${where.padEnd(width)}  ${value}`),
    ...notes.map((note) => `    - ${note}`),
  ];
}

export function summaryOf(findings: readonly Finding[]): string {
  const all = merged(findings);
  const count = (status: Status) => all.filter((finding) => finding.status === status).length;
  const [fine, warnings, bad, open] = [count('ok'), count('warning'), count('wrong'), count('not-checked')];
  const rest = `${fine} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${open} not checked.`;
  return bad === 0
    ? `Nothing is wrong: ${rest}`
    : `${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong; ${rest}`;
}
