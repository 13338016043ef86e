export { type BuiltImage, buildImageProject } from './build-image-project.ts';
export { ImageBuilderError, type ImageBuilderErrorCode, imageBuilderErrorCodes } from './errors.ts';
