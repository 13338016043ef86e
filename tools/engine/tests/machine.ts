import { existsSync, readFileSync } from 'node:fs';
import { canInstall } from '../src/install.ts';

/** Private engines need root on Debian or Ubuntu; elsewhere their tests are skipped. */
export const canRunPrivateEngines = canInstall({
  release: existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
  hasApt: existsSync('/usr/bin/apt-get'),
  uid: process.getuid?.(),
});
