import type { Filter, ServerView } from '@/backend';
import type { Inventory } from './inventory.svelte';
import { recall, remember } from './memory';
import { rows, searchable, type ListGroup, type Narrowing, type Row, type Sort } from './rows';

const NOTHING: Narrowing = {
  query: '',
  clause: null,
  clients: [],
  transports: [],
  statuses: [],
  pins: [],
  isRunning: false,
};

/** The list of servers: what narrows it, its order, and the row that the keyboard is on. */
export class ServerList {
  narrowing = $state.raw<Narrowing>(NOTHING);
  sort = $state<Sort>(recall<Sort>('sort', 'needs'));
  collapsed = $state.raw<ListGroup[]>(recall<ListGroup[]>('collapsed', []));
  /** Key of the row that the keyboard is on. */
  active = $state<string | null>(null);
  /** The order in which the list stood when the pointer was in it and something arrived. */
  private held = $state.raw<Row[] | null>(null);
  /** Whether the pointer is in the list. */
  isPointed = false;

  private readonly words = $derived.by(() =>
    this.inventory.report ? searchable(this.inventory.report) : new Map<string, string>(),
  );
  private readonly fresh = $derived.by(() =>
    this.inventory.report
      ? rows(this.inventory.report, this.words, this.narrowing, this.sort, this.collapsed)
      : [],
  );
  readonly rows = $derived.by(() => (this.held ? renewed(this.held, this.inventory.servers) : this.fresh));
  /** Whether the list would stand otherwise if the pointer were not in it. */
  readonly isHeld = $derived(this.held !== null && !isSameOrder(this.held, this.fresh));
  /** The rows that the keyboard can be on. */
  readonly stops = $derived(this.rows.filter((row) => row.kind !== 'group'));
  readonly isNarrowed = $derived(
    this.narrowing.query !== '' ||
      this.narrowing.clause !== null ||
      this.narrowing.isRunning ||
      this.choices > 0,
  );
  /** Changes whenever the user asks for another list, not when something arrives. */
  readonly asked = $derived(JSON.stringify([this.narrowing, this.sort]));

  constructor(private readonly inventory: Inventory) {}

  /** How many choices of the filter menu are made. */
  get choices(): number {
    const { clients, transports, statuses, pins, isRunning } = this.narrowing;
    return clients.length + transports.length + statuses.length + pins.length + (isRunning ? 1 : 0);
  }

  narrow(by: Partial<Narrowing>): void {
    this.held = null;
    this.narrowing = { ...this.narrowing, ...by };
  }

  widen(): void {
    this.narrow(NOTHING);
  }

  toggleClause(clause: Filter | 'unread'): void {
    this.narrow({ clause: this.narrowing.clause === clause ? null : clause });
  }

  /** Adds a choice of the filter menu, or takes it back. */
  toggle<K extends 'clients' | 'transports' | 'statuses' | 'pins'>(
    part: K,
    choice: Narrowing[K][number],
  ): void {
    const chosen = this.narrowing[part] as string[];
    const next = chosen.includes(choice) ? chosen.filter((one) => one !== choice) : [...chosen, choice];
    this.narrow({ [part]: next });
  }

  order(sort: Sort): void {
    this.held = null;
    this.sort = sort;
    remember('sort', sort);
  }

  collapse(group: ListGroup): void {
    this.held = null;
    const isCollapsed = this.collapsed.includes(group);
    this.collapsed = isCollapsed ? this.collapsed.filter((one) => one !== group) : [...this.collapsed, group];
    remember('collapsed', this.collapsed);
  }

  /** The pointer came into the list, or left it. */
  point(isPointed: boolean): void {
    this.isPointed = isPointed;
    if (!isPointed) this.held = null;
  }

  /** Called before a new state is taken over: a row under the pointer stays where it is. */
  hold(): void {
    if (this.isPointed) this.held ??= this.rows;
  }

  release(): void {
    this.held = null;
  }

  /** Moves the keyboard's row; returns the row's key. */
  move(by: number): string | null {
    const at = this.stops.findIndex((row) => row.key === this.active);
    const next = at < 0 ? (by > 0 ? 0 : this.stops.length - 1) : at + by;
    const row = this.stops[Math.max(0, Math.min(this.stops.length - 1, next))];
    this.active = row?.key ?? null;
    return this.active;
  }
}

function renewed(held: Row[], servers: Map<string, ServerView>): Row[] {
  return held.map((row) => {
    const server = row.kind === 'server' ? servers.get(row.key) : undefined;
    return row.kind === 'server' && server ? { ...row, server } : row;
  });
}

function isSameOrder(held: Row[], fresh: Row[]): boolean {
  return held.length === fresh.length && held.every((row, index) => row.key === fresh[index]?.key);
}
