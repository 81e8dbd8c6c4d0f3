import type { Paper } from '../../../../functions/local/receipts/paper.ts';

/** Paper that a test reads: no colours, a hundred characters a line. */
export class APaper implements Paper {
  readonly lines: string[] = [];
  readonly problems: string[] = [];
  readonly width = 100;
  readonly line = (text: string) => void this.lines.push(text);
  readonly problem = (text: string) => void this.problems.push(text);
  readonly style = (_: unknown, text: string) => text;

  get text(): string {
    return this.lines.join('\n');
  }
}
