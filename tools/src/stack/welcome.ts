import { type StackDescription } from './description';

const WEBHOOKS: Record<string, readonly string[]> = {
  exotel: ['GET  passthru', 'GET  stream-url', 'POST status'],
  twilio: ['POST voice', 'POST status', 'POST stream-status'],
  plivo: ['POST answer', 'POST hangup', 'POST stream-status'],
  telnyx: ['POST events', 'POST texml', 'POST texml-status'],
  vonage: ['GET  answer', 'POST event'],
};
/** Whose streams' URLs are typed into a console; our answers tell the others theirs, one a call. */
const TYPED = new Set(['exotel']);

/** What a person wants to know once everything runs. */
export function welcome(
  { accounts, adminUrl, publicBaseUrl, publicMediaUrl }: StackDescription,
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string },
): string {
  const perAccount = accounts.flatMap(({ provider, account }) => [
    '',
    `Account ${account} at ${provider}`,
    ...(WEBHOOKS[provider] ?? []).map((webhook) => {
      const [method = '', operation = ''] = webhook.split(/\s+/);
      return `  webhook  ${method.padEnd(4)} ${publicBaseUrl}/webhooks/${provider}/${account}/${operation}`;
    }),
    ...(TYPED.has(provider) ? [`  stream        ${publicMediaUrl}/ws/${provider}/${account}`] : []),
  ]);
  return [
    '',
    'Greenroom is running.',
    ...perAccount,
    '',
    ...Object.entries(adminUrl).map(([name, url]) => `${name.padEnd(9)} ${url}/readyz  ${url}/metrics`),
    `${'Postgres'.padEnd(9)} ${withoutPassword(databaseUrl)}`,
    `${'Redis'.padEnd(9)} ${withoutPassword(redisUrl)}`,
    '',
    'Keys and passwords are in .data/stack.json. Now place a call, in another terminal:',
    '  npm run call -- --provider exotel --webhook-delay 3000',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}
