import { describe } from '../model/describe.ts';
import type { Told } from './mermaid.ts';

/** A run as Markdown: each step of the script with what followed from it, and what became of each message. */
export function runMarkdown({ title, machine, trace, film, steps }: Told): string {
  const lines: string[] = [`# ${title}`, ''];
  for (const record of trace) {
    if (record.act === 'result' && !record.error) continue;
    if (record.act === 'step') {
      const label = record.label ? ` (${record.label})` : '';
      lines.push(
        '',
        `## ${record.step + 1}. ${steps[record.step]?.text ?? record.verb}${label}`,
        '',
      );
      continue;
    }
    const journey = film.journeys[film.journeyOf[record.seq]];
    const fate = journey?.fateSeq === record.seq ? ` **${journey.fate}**` : '';
    lines.push(`- ${escaped(describe(machine, record.actor, record))}${fate}`);
  }
  const text = lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
  return `${text}\n`;
}

/** Signs that Markdown would take for its own. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');
