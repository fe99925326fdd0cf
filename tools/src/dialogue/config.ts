/** npm runs its scripts in the folder of the package; this is where the person at the terminal stands. */
export const standingIn = (env: NodeJS.ProcessEnv = process.env): string => env['INIT_CWD'] || process.cwd();
