import type { EntryView } from '@/backend';
import { groupBy } from '@/text/variants';

/** Returns all of an entry that an approval is bound to, to see whether it is still the same. */
export function content(entry: EntryView): string {
  return JSON.stringify([entry.id, entry.identity, entry.pin, entry.not_approvable, sameness(entry)]);
}

/** Puts together entries that start or reach the same in the same way. */
export function variants(entries: EntryView[]): EntryView[][] {
  return groupBy(entries, sameness);
}

function sameness(entry: EntryView): string {
  return JSON.stringify([
    entry.command,
    entry.address,
    entry.environment,
    entry.environment_names,
    entry.environment_files,
    entry.headers,
    entry.working_folder,
    entry.wrappers,
    entry.bridge,
    entry.modifiers,
    entry.shadows,
    entry.companions,
    entry.auto_approve,
    entry.tools_allowed,
    entry.tools_left_out,
  ]);
}
