import { expect, it } from 'vitest';
import { engineError } from './engine-error.ts';

const host = 'unix:///run/docker.sock';

function refused(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message}`), {
    statusCode,
    json: { message },
  });
}

it('an engine that is gone is told apart from one that refuses', () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(engineError(host, 'list its containers', gone)).toMatchObject({
    code: 'ENGINE_ABSENT',
    message: `the engine at ${host} does not answer any more (ECONNREFUSED)`,
    cause: gone,
  });
  expect(engineError(host, 'make the container x', refused(409, 'name is in use'))).toMatchObject({
    code: 'ENGINE_FAILED',
    message: 'the engine could not make the container x: name is in use',
  });
});

it.each([
  'driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:8080 failed: port is already allocated',
  'Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use',
  'rootlessport listen tcp 127.0.0.1:8080: bind: address already in use',
])('a taken port is known by the engines’ words: %s', (words) => {
  expect(engineError(host, 'start a container', refused(500, words)).code).toBe('PORT_TAKEN');
});
