export { FileError, TEMPLATING_ERRORS, TemplateError, type TemplatingErrorCode } from './errors.ts';
export { escapeHaproxy } from './escape-haproxy.ts';
export { readIfPresent, writeIfChanged } from './files.ts';
export { compileTemplate, type Template, type TemplateOptions } from './template.ts';
