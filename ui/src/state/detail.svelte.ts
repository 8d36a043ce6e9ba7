import { failure, type Backend, type EntryView, type Failure } from '@/backend';
import type { Inventory } from './inventory.svelte';
import { recall, remember } from './memory';

const WIDTH_MIN = 360;
const WIDTH_MAX = 760;

/** The server that is open, and its entries. */
export class Detail {
  id = $state<string | null>(null);
  entries = $state.raw<EntryView[] | null>(null);
  problem = $state.raw<Failure | null>(null);
  width = $state(recall('detail-width', 440));
  readonly server = $derived.by(() => (this.id === null ? undefined : this.inventory.servers.get(this.id)));

  constructor(
    private readonly backend: Backend,
    private readonly inventory: Inventory,
  ) {}

  open(id: string): void {
    if (this.id !== id) this.entries = null;
    this.id = id;
    void this.load();
  }

  close(): void {
    this.id = null;
    this.entries = null;
    this.problem = null;
  }

  /** Asks again for the entries; what is shown stays until they are here. */
  async load(): Promise<void> {
    const id = this.id;
    if (id === null) return;
    try {
      const entries = await this.backend.entries(id);
      if (this.id !== id) return;
      this.entries = entries;
      this.problem = null;
    } catch (thrown) {
      if (this.id === id) this.problem = failure(thrown);
    }
  }

  resize(width: number): void {
    this.width = Math.round(Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width)));
    remember('detail-width', this.width);
  }
}
