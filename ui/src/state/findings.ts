import type { FindingView } from '@/backend';
import { groupBy } from '@/text/variants';
import { SEVERITIES, SEVERITY } from './words';

export type FindingGrouping = 'severity' | 'rule';

export interface FindingGroup {
  name: string;
  title: string;
  findings: FindingView[];
}

/** Narrows and groups findings; within a group they stay as core sent them, worst first. */
export function grouped(
  findings: FindingView[],
  by: FindingGrouping,
  query: string,
  isQuietShown: boolean,
): FindingGroup[] {
  const words = query.toLowerCase().split(/\s+/);
  const kept = findings.filter((finding) => {
    if (finding.suppressed !== null && !isQuietShown) return false;
    const text = [finding.title, finding.rule, finding.about, finding.file, finding.message, finding.group]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const groups = groupBy(kept, (finding) => finding[by]).map((own) => {
    const first = own[0] as FindingView;
    return {
      name: first[by],
      title: by === 'rule' ? first.title : (SEVERITY[first.severity] ?? first.severity),
      findings: own,
    };
  });
  if (by === 'rule') return groups;
  const rank = (name: string) => (SEVERITIES as readonly string[]).indexOf(name);
  return groups.sort((a, b) => rank(a.name) - rank(b.name));
}
