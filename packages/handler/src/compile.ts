/** Run once when an image is built: the services of the node and of its role become an s6 scan directory. */
import { compileScandir } from '@rollcall/supervision';
import { loadRole } from './load-role.ts';
import { BUILT_SCANDIR } from './paths.ts';
import { nodeServices } from './services.ts';

const role = await loadRole();
const services = [...nodeServices, ...role.services.map((service) => ({ ...service, waits: true }))];
await compileScandir(services, BUILT_SCANDIR);
process.stdout.write(`compiled ${services.map(({ name }) => name).join(', ')} into ${BUILT_SCANDIR}\n`);
