import { parts } from '@rollcall/bench';
import { expect, it } from 'vitest';

it.each(parts)('$name runs to its end and has found something', async (part) => {
  const { tables } = await part.run({ quick: true, say: () => {} });
  expect(tables.length).toBeGreaterThan(0);
  for (const { title, columns, rows } of tables) {
    expect(rows.length, title).toBeGreaterThan(0);
    for (const row of rows) expect(row, title).toHaveLength(columns.length);
  }
});
