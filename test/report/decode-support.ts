import type { DecodeDocument, Decoding } from '../../src/report/decode.ts';
import { readMessage } from '../../src/report/decode-input.ts';
import { type DecodeKindName, decodeNumbers } from '../../src/report/decode-kinds.ts';
import { decodeMessage } from '../../src/report/decode-message.ts';

type Options = { mode?: 'x2apic' | 'xapic' };

/** An entry decoded from numbers separated by blanks. */
export function decodeEntry(
  kind: DecodeKindName,
  numbers: string,
  { mode = 'x2apic' }: Options = {},
): Decoding {
  const result = decodeNumbers(kind, numbers.split(' '), mode);
  if (!result.ok) throw new Error(result.message);
  return result.decoding;
}

/** A message decoded from `address data`. */
export function decodeWrite(numbers: string, as: 'x86' | 'vtd' | 'amdvi' | null = null): Decoding {
  const read = readMessage(numbers.split(' '));
  if (!read.ok) throw new Error(read.fault);
  return decodeMessage(read.message, as);
}

/** Values of the fields by name. */
export const valuesOf = ({ fields }: DecodeDocument): Record<string, number> =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value]));

/** Codes and names of the faults that violations would give, without repetition. */
export const violationsOf = ({ problems }: DecodeDocument): string[] => [
  ...new Set(
    problems.flatMap(({ severity, fault }) =>
      severity === 'violation' ? [`${fault?.code} ${fault?.name}`] : [],
    ),
  ),
];

/** Texts of the problems of one severity. */
export const textsOf = ({ problems }: DecodeDocument, severity: string): string[] =>
  problems.filter(problem => problem.severity === severity).map(({ text }) => text);
