import type { Stage } from '@rollcall/testkit';

const ROLE = `import { defineHandler } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';
export default defineHandler({
  name: 'talker',
  variables: {},
  services: [defineService({ name: 'app', command: { variable: 'TALK', default: ['sleep', '100000'] } })],
  start: () => ({}),
});
`;

/** @returns the image's name: a node with a service `app` that runs what the variable `TALK` says */
export async function talkerImage(stage: Stage): Promise<string> {
  return await stage.image(
    'talker',
    `FROM rollcall/base
USER 0:0
RUN echo ${Buffer.from(ROLE).toString('base64')} | base64 --decode > /opt/rollcall/role/index.js && \\
  node /opt/rollcall/node_modules/@rollcall/handler/dist/compile.js
USER 7373:7373
`,
  );
}

/** A command line of `TALK`: runs a script once in a container's life, then stays until it is asked to go. */
export function talk(script: string): string {
  return `sh -c 'trap "echo bye; exit 0" TERM; if mkdir /run/talking 2>/dev/null; then ${script}; touch /run/talked; fi; while true; do sleep 0.1; done'`;
}
