import { defineHandler } from '@rollcall/handler';

/** A node that is in the room and does nothing else. */
export default defineHandler({ name: 'member', variables: {}, services: [], start: () => ({}) });
