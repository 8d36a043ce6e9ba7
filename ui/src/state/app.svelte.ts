import { getContext, setContext } from 'svelte';
import { failure, type Backend, type Failure } from '@/backend';
import { Detail } from './detail.svelte';
import type { Dialog, ViewName } from './dialogs';
import { Inventory } from './inventory.svelte';
import { ServerList } from './servers.svelte';
import { Settings } from './settings.svelte';

/** A few words at the foot of the window: what was done, or what went wrong. */
export interface Notice {
  text: string;
  hint: string | null;
  isProblem: boolean;
  undo: (() => void) | null;
}

/** Everything that the window knows. */
export class App {
  readonly inventory: Inventory;
  readonly list: ServerList;
  readonly detail: Detail;
  readonly settings: Settings;
  view = $state<ViewName>('servers');
  dialog = $state.raw<Dialog | null>(null);
  notice = $state.raw<Notice | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly backend: Backend) {
    this.inventory = new Inventory(backend);
    this.list = new ServerList(this.inventory);
    this.detail = new Detail(backend, this.inventory);
    this.settings = new Settings(backend);
  }

  /** Listens first, then asks for the whole state, so that nothing is missed. */
  async start(): Promise<() => void> {
    const stop = await this.backend.subscribe({
      report: (report) => {
        this.list.hold();
        this.inventory.receive(report);
        void this.detail.load();
      },
      settings: (settings) => this.settings.receive(settings),
      progress: ({ folders }) => {
        this.inventory.folders = folders;
      },
      problem: (problem) => this.fail(problem),
    });
    await Promise.all([this.inventory.load(), this.attempt(() => this.settings.load())]);
    return stop;
  }

  go(view: ViewName): void {
    this.view = view;
    this.dialog = null;
  }

  /** Opens a server's panel beside the list. */
  openServer(id: string): void {
    this.view = 'servers';
    this.dialog = null;
    this.list.active = id;
    this.detail.open(id);
  }

  /** Shows the servers of one client. */
  openClient(id: string): void {
    this.list.widen();
    this.list.narrow({ clients: [id] });
    this.go('servers');
  }

  /** Opens the file in which a server stands first. */
  async openFileOf(server: string): Promise<void> {
    await this.attempt(async () => {
      const [entry] = await this.backend.entries(server);
      if (entry) await this.backend.openFile(entry.config, entry.line);
    });
  }

  async openFile(config: string, line: number | null): Promise<void> {
    await this.attempt(() => this.backend.openFile(config, line));
  }

  /** Does something; says so, or says why not. Returns whether it was done. */
  async attempt(act: () => Promise<unknown>, done?: Partial<Notice> & { text: string }): Promise<boolean> {
    try {
      await act();
      if (done) this.say({ hint: null, isProblem: false, undo: null, ...done });
      return true;
    } catch (thrown) {
      this.fail(failure(thrown));
      return false;
    }
  }

  fail(problem: Failure): void {
    this.say({ text: problem.message, hint: problem.hint, isProblem: true, undo: null });
  }

  say(notice: Notice): void {
    clearTimeout(this.timer);
    this.notice = notice;
    // A problem stays until it is closed.
    if (!notice.isProblem) this.timer = setTimeout(() => (this.notice = null), 8_000);
  }
}

const KEY = Symbol('app');

export function provideApp(app: App): void {
  setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
