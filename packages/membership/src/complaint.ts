import type { BaseIssue } from 'valibot';

const SHOWN_LENGTH = 40;

/** What a schema holds against a value, in one line fit for a log: `tag "port" must be ..., is "http"`. */
export function complaint(kind: string, issue: BaseIssue<unknown>): string {
  const path = issue.path?.map((item) => String(item.key)).join('.');
  const what = path ? `${kind} ${JSON.stringify(path)}` : kind;
  if (issue.kind === 'schema' && issue.received === 'undefined') return `${what} is missing`;
  const value = issue.path?.at(-1)?.value ?? issue.input;
  const requirement = issue.message.startsWith('must ') ? issue.message : `must be ${issue.expected}`;
  return `${what} ${requirement}, is ${shown(value)}`;
}

function shown(value: unknown): string {
  // JSON escapes what is not printable ASCII but leaves what lies beyond it.
  const text = (JSON.stringify(value) ?? String(value)).replace(/[^ -~]/g, '?');
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}
