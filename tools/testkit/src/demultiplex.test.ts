import { expect, it } from 'vitest';
import { demultiplex } from './demultiplex.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

it('takes the streams apart and keeps their order', () => {
  const raw = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, ''), frame(1, 'three\n')]);
  expect(demultiplex(raw)).toEqual({ stdout: 'one\nthree\n', stderr: 'two\n', both: 'one\ntwo\nthree\n' });
});

it('joins a character that was split between two frames', () => {
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1]);
  expect(demultiplex(Buffer.concat([header, first, header, second])).stdout).toBe('é');
});

it('keeps what there is of an output that was cut off', () => {
  const raw = Buffer.concat([frame(1, 'whole\n'), frame(1, 'half of it\n').subarray(0, 12)]);
  expect(demultiplex(raw).stdout).toBe('whole\nhalf');
  expect(demultiplex(Buffer.alloc(0)).both).toBe('');
});
