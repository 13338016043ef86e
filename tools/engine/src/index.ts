export { type BuildRequest, buildImage } from './build-image.ts';
export { type DebianOptions, debianArchive, ensureDebian } from './debian.ts';
export type { Container, ContainerInfo, Docker, Image, Network } from './docker.ts';
export { ensureEngine } from './ensure.ts';
export { EngineError, type EngineErrorCode } from './errors.ts';
export { connectEngine, type Engine } from './find.ts';
export { findImage, type ImageFound } from './find-image.ts';
export type { Context, ContextFile } from './image-context.ts';
export { installMissing, type Need } from './install.ts';
export {
  type PrivateEngineStatus,
  privateEngineStatus,
  removePrivateEngine,
  startPrivateEngine,
  stopPrivateEngine,
} from './private-engine.ts';
export { buildReproducibly, sourceDateEpoch } from './reproducible.ts';
export { findCommand } from './run.ts';
