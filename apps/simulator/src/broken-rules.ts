/** The words of those rules that do not hold. */
export const brokenRules = (rules: readonly (readonly [holds: boolean, what: string])[]): string[] =>
  rules.filter(([holds]) => !holds).map(([, what]) => what);
