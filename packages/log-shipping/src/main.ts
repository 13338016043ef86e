/** The two processes: `main.js write SETTINGS` and `main.js ship SETTINGS`. */
import { readSettings } from './settings.ts';
import { Shipper } from './shipper.ts';
import { Writer } from './writer.ts';

const [work, file = ''] = process.argv.slice(2);
const settings = readSettings(file);

if (work === 'write') {
  const writer = new Writer(settings);
  process.on('SIGTERM', () => writer.stop());
  writer.run();
} else {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const shipper = new Shipper(settings, say);
  const end = () => {
    const waiting = shipper.waiting();
    if (waiting > 0)
      say(
        `ending with ${waiting} lines that the collector may not have; they are kept in ${settings.folder}`,
      );
    process.exit(0);
  };
  process.on('SIGTERM', () => setTimeout(end, shipper.stop()).unref());
  await shipper.run();
  end();
}
