import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { plainOutput, quietOutput, screenOutput } from '../../../../functions/local/view/output.ts';
import { RunState } from '../../../../functions/local/view/run-state.ts';
import type { Picture } from '../../../../functions/local/view/screen.ts';
import { NOW } from '../../../support/now.ts';

const LINE = { at: NOW, policy: 'web', what: 'resize 4 → 5', why: 'too busy' };

function aStream() {
  const stream = new PassThrough({ encoding: 'utf8' });
  return { stream, text: (): string => String(stream.read() ?? '') };
}

const aPicture = (title: string): Picture => ({
  title,
  now: NOW,
  speed: 60,
  loads: [1],
  policies: [],
  targets: [],
  tiers: [],
  plans: [],
  state: new RunState(
    [],
    () => NOW,
    () => {},
  ),
  url: 'http://127.0.0.1:3006',
});

describe('a plain output', () => {
  it('has a line for everything that happens, and no pictures', () => {
    const { stream, text } = aStream();
    const output = plainOutput(stream);
    output.say('hello');
    output.line(LINE);
    output.picture(() => aPicture('a picture'));
    output.problem('it broke', { target: 'web' });
    output.close();
    expect(text()).toBe('hello\n10:03:06  web  resize 4 → 5  too busy\n! it broke {"target":"web"}\n');
  });
});

describe('a quiet output', () => {
  it('has problems alone', () => {
    const { stream, text } = aStream();
    const output = quietOutput(stream);
    output.say('hello');
    output.line(LINE);
    output.picture(() => aPicture('a picture'));
    output.problem('it broke', {});
    expect(text()).toBe('! it broke {}\n');
  });
});

describe('a screen', () => {
  it('redraws at most ten times a second, and last of all what it ended with', () => {
    const { stream, text } = aStream();
    const output = screenOutput(
      Object.assign(stream, { columns: 80, rows: 40 }) as unknown as NodeJS.WriteStream,
    );
    let drawn = 0;
    const draw = (title: string) => () => {
      drawn += 1;
      return aPicture(title);
    };
    output.say('hello');
    for (let step = 0; step < 50; step += 1) output.picture(draw(`step ${step}`));
    expect(drawn).toBeLessThan(50);
    output.close();
    const shown = text();
    expect(shown).toMatch(/^hello\n/);
    expect(shown).toContain('step 0');
    expect(shown).toContain('step 49');
  });
});
