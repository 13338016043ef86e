import type { Goal, Machine, Result, Table } from '../result.ts';

const HEAD = `# Benchmarks

Made by \`npm run bench\`, each part by the command that stands with it; the figures behind the tables are in
[benchmarks/](benchmarks). Everything that stands in one table was measured in one run on one machine: compare within
a table, not between machines. Medians, and the 99th percentile (p99) as the tail.
`;

/** The page that shows all results, in the order given. Pure. */
export function page(results: readonly Result[], about: ReadonlyMap<string, string>): string {
  const goals = results.flatMap((result) => result.goals);
  return [
    HEAD,
    ...(goals.length > 0 ? ['## Goals\n', goalsTable(goals), ''] : []),
    ...results.flatMap((result) => section(result, about.get(result.part) ?? '')),
  ].join('\n');
}

function section({ part, at, command, machine, tables, plots }: Result, about: string): string[] {
  return [
    `## ${part[0]?.toUpperCase()}${part.slice(1)}\n`,
    `${about}\n`,
    `\`${command}\`, ${at.slice(0, 10)}, on ${machineText(machine)}.\n`,
    ...tables.flatMap((table) => [`### ${table.title}\n`, markdownTable(table), '']),
    ...plots.map(({ name, title }) => `![${title}](benchmarks/${name}.svg)\n`),
  ];
}

const machineText = ({ cores, memoryGiB, kernel, node, engine }: Machine) =>
  `${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Docker ${engine}, Node ${node}`;

function goalsTable(goals: readonly Goal[]): string {
  return markdownTable({
    columns: ['what', 'goal', 'measured', '', 'why'],
    rows: goals.map(({ what, goal, measured, isMet, reason }) => [
      what,
      goal,
      measured,
      isMet ? 'met' : '**missed**',
      reason ?? '',
    ]),
  });
}

function markdownTable({ columns, rows, note }: Omit<Table, 'title'>): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = line(columns.map((_, index) => (index === 0 ? '---' : '--:')));
  return [line(columns), rule, ...rows.map(line), ...(note === undefined ? [] : ['', note])].join('\n');
}
