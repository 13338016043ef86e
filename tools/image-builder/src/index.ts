export { type BuiltImage, buildImageProject } from './build-image-project.ts';
export { makeContext } from './context.ts';
export { ImageBuilderError, type ImageBuilderErrorCode, imageBuilderErrorCodes } from './errors.ts';
export { type ImageProject, readImageProject } from './image-project.ts';
