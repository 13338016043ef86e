import { expect, test } from 'vitest';
import { mountsBelow } from './mounts.ts';

const mountinfo = `22 1 0:20 / / rw - ext4 /dev/vda rw
30 22 0:40 / /srv/a\\040b/.rollcall/engine rw - tmpfs tmpfs rw
31 30 0:41 / /srv/a\\040b/.rollcall/engine/data/overlay2/x/merged rw - overlay overlay rw
32 22 0:42 / /srv/a\\040b/.rollcall/engineer rw - tmpfs tmpfs rw
`;

test('mounts at and below a folder are found, the latest first', () => {
  expect(mountsBelow('/srv/a b/.rollcall/engine', mountinfo)).toEqual([
    '/srv/a b/.rollcall/engine/data/overlay2/x/merged',
    '/srv/a b/.rollcall/engine',
  ]);
});
