import Docker from 'dockerode';

/** The engine that DOCKER_HOST names. */
export async function connect(): Promise<Docker> {
  return new Docker();
}
