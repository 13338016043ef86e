// Tells what it was given, then stays until it is asked to go, or longer if it is to be stubborn.
const words = process.argv.slice(2);
setInterval(() => {}, 1000);
process.on('SIGTERM', () => {
  process.stdout.write(`leaving at ${Date.now()}\n`);
  if (process.env.CREW_STUBBORN !== words[0]) process.exit(0);
});
process.stdout.write(`${JSON.stringify({ words, directory: process.cwd(), environment: process.env })}\n`);
