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
  return GROUPS.flatMap((group) => {
    const own = findings.filter((finding) => finding.group === group);
    const width = Math.max(...own.map(({ check }) => check.length));
    const lines = own.map(
      ({ status, check, message }) =>
        `  ${WORDS[status].padEnd(7)}  ${check.padEnd(width)}  ${oneLine(message)}`,
    );
    return own.length === 0 ? [] : [TITLES[group], ...lines, ''];
  });
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
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const [fine, warnings, bad, open] = [count('ok'), count('warning'), count('wrong'), count('not-checked')];
  const rest = `${fine} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${open} not checked.`;
  return bad === 0
    ? `Nothing is wrong: ${rest}`
    : `${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong; ${rest}`;
}
