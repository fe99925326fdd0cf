import { ok, warning, wrong, type Check, type Verdict } from './finding';
import { inWords } from './network-error';
import { send } from './send';

export const adminChecks = (urls: readonly string[]): Check[] =>
  urls.map((url) => ({
    group: 'admin',
    name: url,
    run: async (signal) => {
      try {
        return judgeReady(await send({ method: 'GET', url: `${url}/readyz`, headers: {}, body: '' }, signal));
      } catch (error) {
        return wrong(`${inWords(error)}. An admin port is never published: run this where it can be reached`);
      }
    },
  }));

/** `/readyz` has the state in its first line, and a line for each dependency after it. */
export function judgeReady({ status, body }: { status: number; body: string }): Verdict {
  const [state = '', ...lines] = body.trim().split('\n');
  if (!/^(ready|not ready|draining)$/.test(state))
    return wrong(`answered ${status}, and not by an admin port`);
  const failing = lines.filter((line) => !line.endsWith(': ok'));
  const told = [state, ...failing].join('; ');
  if (status !== 200) return wrong(told);
  return failing.length > 0 ? warning(told) : ok(told);
}
