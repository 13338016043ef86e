import type { Findings, Part, PartOptions } from './result.ts';

/** Runs parts one after the other. One that fails is told of and does not keep the others from it. @returns those */
export async function runParts(
  parts: readonly Part[],
  options: PartOptions,
  keep: (part: Part, findings: Findings) => Promise<void>,
): Promise<Part[]> {
  const failed: Part[] = [];
  for (const part of parts) {
    options.say(options.quick ? part.name : `${part.name}, about ${part.minutes} min`);
    try {
      await keep(part, await part.run({ ...options, say: (line) => options.say(`  ${line}`) }));
    } catch (error) {
      failed.push(part);
      options.say(`${part.name} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  return failed;
}
