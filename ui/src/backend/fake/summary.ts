import type { ClientView, ConfigView, Filter, ServerView, Summary } from '../types';

const WORDS: Record<Filter, [string, string]> = {
  denied: ['is denied and still in use', 'are denied and still in use'],
  changed: ['is not what was approved', 'are not what was approved'],
  findings: ['has a serious finding', 'have a serious finding'],
  credentials: ['keeps a credential in plain text', 'keep credentials in plain text'],
};

/** Says what core would say of these servers. */
export function summary(servers: ServerView[], clients: ClientView[], configs: ConfigView[]): Summary {
  const inGroup = (group: string) => servers.filter((row) => row.group === group).length;
  const needYou = inGroup('needs-you');
  const unread = configs.filter((config) => config.state === 'failed').length;
  const used = clients.filter((client) => client.servers > 0).length;
  const number = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  const clauses = (Object.keys(WORDS) as Filter[]).flatMap((filter) => {
    const count = servers.filter((row) => row.group === 'needs-you' && row.filters.includes(filter)).length;
    const text = `${count} ${WORDS[filter][count === 1 ? 0 : 1]}`;
    return count > 0 ? [{ text, filter, count }] : [];
  });
  let verdict = '';
  if (needYou > 0) verdict = needYou === 1 ? '1 needs you:' : `${needYou} need you:`;
  else if (servers.length > 0) verdict = unread > 0 ? 'Nothing else needs you.' : 'Nothing needs you.';
  return {
    headline:
      servers.length === 0
        ? 'No MCP servers found.'
        : `${number(servers.length, 'server')} in ${number(used, 'client')}.`,
    verdict,
    clauses,
    unchecked: unread === 0 ? null : `${number(unread, 'file')} could not be read.`,
    servers: servers.length,
    clients: used,
    need_you: needYou,
    approved: inGroup('approved'),
    not_reviewed: inGroup('not-reviewed'),
    unread,
    running: servers.filter((row) => row.running.length > 0).length,
  };
}
