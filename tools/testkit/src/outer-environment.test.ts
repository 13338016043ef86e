import { expect, test } from 'vitest';
import { outerEnvironment } from './outer-environment.ts';

test("what the machine says is kept, and nothing that a test's runners say", () => {
  const machine = { HOME: '/home/me', NODE_EXTRA_CA_CERTS: '/ca.pem', DOCKER_HOST: 'tcp://[::1]:2375' };
  const registry = { npm_config_registry: 'https://npm.example.com/' };
  const told = {
    CI: 'true',
    FORCE_COLOR: '0',
    INIT_CWD: '/work',
    NODE_ENV: 'test',
    NX_TASK_HASH: '1',
    VITEST: 'true',
    npm_config_prefix: '/usr',
    npm_package_name: 'rollcall',
  };
  const PATH = '/work/node_modules/.bin:/usr/lib/node_modules/npm/node-gyp-bin:/usr/bin:/bin';
  expect(outerEnvironment({ ...machine, ...registry, ...told, PATH })).toEqual({
    ...machine,
    ...registry,
    PATH: '/usr/bin:/bin',
    NO_COLOR: '1',
  });
});
