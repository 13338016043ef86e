import { type ConfigOf, integer, parsed } from '@rollcall/handler';
import { DEFAULT_TEMPLATE_FILE } from './paths.ts';

/** The variables of a balancer, beside those of every image. */
export const variables = {
  template: parsed<string | undefined>({
    name: 'ROLLCALL_TEMPLATE',
    about: `The template of haproxy.cfg; when unset ${DEFAULT_TEMPLATE_FILE} if it is there, else the built-in one`,
    fallback: undefined,
    allowed: 'an absolute path',
    parse: (text) => (/^\/[^\p{Cc}]+$/u.test(text) ? text : undefined),
  }),
  adminPort: integer<undefined>({
    name: 'ROLLCALL_ADMIN_PORT',
    about: "HAProxy's runtime API on TCP, for people on a trusted network; off when unset, 9999 is usual",
    fallback: undefined,
    min: 1,
    max: 65_535,
  }),
  failedGraceSeconds: integer({
    name: 'ROLLCALL_FAILED_GRACE_SECONDS',
    about: "How long a failed node that HAProxy's own checks still reach is kept",
    fallback: 30,
    min: 0,
    max: 86_400,
  }),
  hardStopSeconds: integer({
    name: 'ROLLCALL_HARD_STOP_SECONDS',
    about: 'How long an old HAProxy worker may finish its connections after a reload',
    fallback: 60,
    min: 1,
    max: 86_400,
  }),
};

export type BalancerConfig = ConfigOf<typeof variables>;
