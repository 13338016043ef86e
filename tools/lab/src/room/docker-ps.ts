/** What is read of the Engine API's answer to "list containers". */
interface Listed {
  readonly Id: string;
  readonly Image: string;
  readonly Command: string;
  /** s since the epoch. */
  readonly Created: number;
  readonly Status: string;
  readonly Ports: readonly Port[];
  readonly Names: readonly string[];
}

interface Port {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

const COMMAND_LENGTH = 20;

/**
 * The running containers as `docker ps` prints them, from what the Engine API tells: no docker client has to be there.
 * @param now ms since the epoch
 */
export function dockerPs(containers: readonly Listed[], now: number): string {
  const rows = containers.map(({ Id, Image, Command, Created, Status, Ports, Names }) => [
    Id.slice(0, 12),
    Image,
    `"${Command.length > COMMAND_LENGTH ? `${Command.slice(0, COMMAND_LENGTH - 1)}…` : Command}"`,
    `${age(now / 1_000 - Created)} ago`,
    Status,
    Ports.map(portOf).sort().join(', '),
    Names.map((name) => name.slice(1)).join(','),
  ]);
  const header = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

function portOf({ IP, PrivatePort, PublicPort, Type }: Port): string {
  const inside = `${PrivatePort}/${Type}`;
  return PublicPort === undefined ? inside : `${IP}:${PublicPort}->${inside}`;
}

/** As docker's client words it (go-units, HumanDuration), up to an hour. */
function age(s: number): string {
  if (s < 1) return 'Less than a second';
  if (s < 2) return '1 second';
  if (s < 60) return `${Math.floor(s)} seconds`;
  if (s < 120) return 'About a minute';
  return `${Math.floor(s / 60)} minutes`;
}
