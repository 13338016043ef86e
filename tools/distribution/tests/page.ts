/** A command that a page shows, with what it answers where the page says that after a `#`. */
export interface ShownCommand {
  readonly line: string;
  readonly answer: string | undefined;
}

/** What a page shows below a `## heading`: the commands of its `sh` blocks, in their order. */
export function commandsBelow(page: string, heading: string): ShownCommand[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`The page has no section "${heading}"`);
  return commandsOf(section);
}

export function commandsOf(page: string): ShownCommand[] {
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, command = line, answer] = /^(.*?)\s+# (.+)$/.exec(line) ?? [];
        return { line: command, answer };
      }),
  );
}

/** Path -> text of each file that a page shows in a block right below its name. */
export function filesOf(page: string): Record<string, string> {
  return Object.fromEntries(
    [...page.matchAll(/(\S+?):?\n\n```(?!sh$)\w+\n(.*?)^```$/gms)].map(([, path = '', text = '']) => [
      path,
      text,
    ]),
  );
}
