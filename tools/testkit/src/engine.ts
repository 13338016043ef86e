import type { Docker } from '@rollcall/engine';
import Dockerode from 'dockerode';

/** The engine that DOCKER_HOST names. */
export async function engineForTests(): Promise<Docker> {
  return new Dockerode() as Docker;
}
