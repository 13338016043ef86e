import { describe, expect, test } from 'vitest';
import { canInstall } from './install.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n';
const ubuntu = 'ID=ubuntu\nID_LIKE=debian\n';
const derived = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const fedora = 'ID=fedora\nNAME="not debian"\n';

describe('packages can be installed', () => {
  test.each([debian, ubuntu, derived])('on Debian and its kin, as root', (release) => {
    expect(canInstall({ release, hasApt: true, uid: 0 })).toBe(true);
  });

  test.each([
    { why: 'not as another user', release: debian, hasApt: true, uid: 1000 },
    { why: 'not without apt', release: debian, hasApt: false, uid: 0 },
    { why: 'not elsewhere', release: fedora, hasApt: true, uid: 0 },
    { why: 'not where nothing is known', release: '', hasApt: true, uid: undefined },
  ])('$why', ({ release, hasApt, uid }) => {
    expect(canInstall({ release, hasApt, uid })).toBe(false);
  });
});
