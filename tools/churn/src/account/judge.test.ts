import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../load/record.ts';
import { judge } from './judge.ts';
import type { Window } from './window.ts';

const right: RequestRecord = { id: 1, kind: 'get', sentAt: 1_000, endedAt: 1_100, outcome: 'right' };
const lost: RequestRecord = { ...right, outcome: 'lost', why: 'status 502' };
const repeated: RequestRecord = { ...right, repeated: 'ECONNRESET before an answer' };
const kill: Window = { what: 'kill', node: 's1', from: 1_050, struckBy: 1_060, until: 4_000 };

const excused = (record: RequestRecord, ...windows: Window[]) =>
  judge([record], windows, 2)[0]?.excuse !== undefined;

describe('judge', () => {
  it('names the disturbances that a lost request may have met', () => {
    const stop: Window = { ...kill, what: 'stop', until: 1_080 };
    const later: Window = { ...kill, from: 1_101 };
    expect(judge([lost], [stop, later], 1)).toEqual([{ record: lost, during: [stop] }]);
    expect(judge([lost], [], 1)).toEqual([{ record: lost, during: [] }]);
  });

  it('excuses a POST in flight in what is killed', () => {
    for (const what of ['kill', 'crash app'] as const) {
      expect(excused({ ...lost, kind: 'post' }, { ...kill, what })).toBe(true);
    }
  });

  it('does not excuse a GET that is lost, as it could have been sent again', () => {
    expect(excused(lost, kill)).toBe(false);
  });

  it('excuses a client that had to repeat a GET in flight in what is killed, but at no other time', () => {
    expect(excused(repeated, kill)).toBe(true);
    expect(excused(repeated, { ...kill, what: 'stop' })).toBe(false);
    expect(excused(repeated, { ...kill, what: 'reload' })).toBe(false);
  });

  it('does not excuse what was sent after the kill, or had ended before it', () => {
    const post: RequestRecord = { ...lost, kind: 'post' };
    expect(excused({ ...post, sentAt: 1_061 }, kill)).toBe(false);
    expect(excused({ ...post, endedAt: 1_049 }, kill)).toBe(false);
  });

  describe('where HAProxy crashes', () => {
    const [ha1, ha2] = ['http://127.0.0.1:8001', 'http://127.0.0.1:8002'];
    const crash: Window = { ...kill, what: 'crash haproxy', node: 'ha1', url: ha1 };
    const post: RequestRecord = { ...lost, kind: 'post', to: ha1 };

    it('excuses what cannot be sent again, from the blow until it is back', () => {
      expect(excused(post, crash)).toBe(true);
      expect(excused({ ...post, sentAt: 4_000, endedAt: 4_001 }, crash)).toBe(true);
      expect(excused({ ...post, sentAt: 4_001, endedAt: 4_002 }, crash)).toBe(false);
    });

    it('does not excuse a GET that is lost: another balancer would have taken it', () => {
      expect(excused({ ...lost, to: ha1 }, crash)).toBe(false);
      expect(excused({ ...repeated, to: ha1 }, crash)).toBe(true);
    });

    it('excuses nothing that was sent to another balancer', () => {
      expect(excused({ ...post, to: ha2 }, crash)).toBe(false);
      expect(excused({ ...repeated, to: ha2 }, crash)).toBe(false);
    });

    it('excuses whatever comes while no balancer is up', () => {
      expect(judge([{ ...lost, to: ha1 }], [crash], 1)[0]?.excuse).toBe(crash);
      expect(excused({ ...lost, to: ha1 }, crash, { ...crash, node: 'ha2', url: ha2 })).toBe(true);
      expect(excused({ ...lost, to: ha1 }, crash, crash)).toBe(false);
    });
  });

  it('excuses nothing in anything graceful', () => {
    for (const what of ['join', 'stop', 'reload', 'crash node serf', 'crash balancer handler'] as const) {
      expect(excused({ ...lost, kind: 'post' }, { ...kill, what })).toBe(false);
    }
  });
});
