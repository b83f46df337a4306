import { vectorText } from '../../model/describe.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** A CPU took something nobody had asked for. */
export const spurious: RunRule = {
  rule: 'integrity/spurious',
  findings: (_machine, trace) =>
    trace.flatMap(record => {
      if (record.act !== 'service' || record.outcome !== 'spurious') return [];
      const { cpu, vector, mode, seq } = record;
      const what = vector < 0 ? mode.toUpperCase() : `vector ${vectorText(vector)}`;
      return findingOf('integrity/spurious', seq, {
        effect: { target: cpu, vector, mode },
        sentence: `${cpu} took ${what}, for which nobody had asked`,
      });
    }),
};
