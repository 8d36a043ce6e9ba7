import {
  failure,
  type Backend,
  type ConfigView,
  type Failure,
  type Report,
  type ServerView,
} from '@/backend';

/** What core found, as it was last sent. */
export class Inventory {
  report = $state.raw<Report | null>(null);
  problem = $state.raw<Failure | null>(null);
  isScanning = $state(false);
  /** Folders walked so far, during long walks. */
  folders = $state<number | null>(null);

  readonly clients = $derived(new Map(this.report?.clients.map((client) => [client.id, client])));
  readonly configs = $derived(new Map(this.report?.configs.map((config) => [config.id, config])));
  readonly findings = $derived(new Map(this.report?.findings.map((finding) => [finding.id, finding])));
  readonly servers = $derived(new Map(this.report?.servers.map((server) => [server.id, server])));
  readonly unread = $derived(this.report?.configs.filter((config) => config.state === 'failed') ?? []);
  readonly loud = $derived(this.report?.findings.filter((finding) => finding.suppressed === null) ?? []);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    this.isScanning = true;
    this.problem = null;
    try {
      this.receive(await this.backend.report());
    } catch (thrown) {
      this.problem = failure(thrown);
    } finally {
      this.isScanning = false;
    }
  }

  async rescan(): Promise<void> {
    if (this.isScanning) return;
    this.isScanning = true;
    this.problem = null;
    try {
      await this.backend.rescan();
    } catch (thrown) {
      this.problem = failure(thrown);
    } finally {
      this.isScanning = false;
      this.folders = null;
    }
  }

  receive(report: Report): void {
    this.report = report;
    this.folders = null;
  }

  /** Returns the row that an entry belongs to. */
  serverOf(entry: string): ServerView | undefined {
    return this.report?.servers.find((server) => server.entries.includes(entry));
  }

  /** Returns the file that an entry stands in. */
  configOf(entry: string): ConfigView | undefined {
    return this.report?.configs.find((config) => config.entries.includes(entry));
  }
}
