/** What npm, Nx, vitest and CI tell the programs that they run; of npm's settings, the registry's belong to the machine. */
const TOLD =
  /^(npm_(?!config_(registry|cafile|cache|userconfig)$)|NX_|LERNA_|VITEST|INIT_CWD$|NODE(_ENV|_CHANNEL_FD)?$|(FORCE_)?COLOR$|TEST$|MODE$|DEV$|PROD$|SSR$|BASE_URL$|CI$)/;

/**
 * The environment of a terminal on this machine, for a program that people start there: nothing in it says that it is
 * started by a test. Its output is not coloured, whatever else is set: tests read it.
 *
 * @param environment of this process unless given
 */
export function outerEnvironment(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || TOLD.test(name) ? [] : [[name, value] as const],
  );
  const path = (environment['PATH'] ?? '').split(':').filter((folder) => !folder.includes('/node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(':'), NO_COLOR: '1' };
}
