import { getContext, setContext } from 'svelte';
import { failure, type Backend, type Failure, type Report } from '@/backend';
import { marked } from '@/text/reveal';
import { Credentials } from './credentials.svelte';
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
  /** Another thing that can be done about it. */
  act?: { name: string; act: () => void };
}

/** Everything that the window knows. */
export class App {
  readonly inventory: Inventory;
  readonly list: ServerList;
  readonly detail: Detail;
  readonly settings: Settings;
  readonly credentials: Credentials;
  view = $state<ViewName>('servers');
  dialog = $state.raw<Dialog | null>(null);
  notice = $state.raw<Notice | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly backend: Backend) {
    this.inventory = new Inventory(backend);
    this.list = new ServerList(this.inventory);
    this.detail = new Detail(backend, this.inventory);
    this.settings = new Settings(backend);
    this.credentials = new Credentials(backend);
  }

  /** Listens first, then asks for the whole state, so that nothing is missed. */
  async start(): Promise<() => void> {
    const stop = await this.backend.subscribe({
      report: (report) => {
        this.list.hold();
        this.inventory.receive(report);
        void this.detail.load();
        this.tell(this.credentials.news(report));
        if (this.view === 'credentials') void this.credentials.load();
      },
      settings: (settings) => this.settings.receive(settings),
      progress: ({ folders }) => {
        this.inventory.folders = folders;
      },
      problem: (problem) => this.fail(problem),
      moveProgress: (progress) => {
        this.credentials.progress = progress;
      },
    });
    await Promise.all([this.look(), this.attempt(() => this.settings.load())]);
    return stop;
  }

  private async look(): Promise<void> {
    await this.inventory.load();
    // What is there from the beginning is no news.
    if (this.inventory.report) this.credentials.news(this.inventory.report);
  }

  go(view: ViewName): void {
    this.view = view;
    this.dialog = null;
  }

  /** Shows the credentials, those of one entry first. */
  openCredentials(entry: string | null = null): void {
    this.credentials.wanted = entry;
    this.go('credentials');
  }

  /** Says that credentials have appeared in plain text. */
  private tell(news: Report['findings']): void {
    const [first] = news;
    if (!first || this.view === 'credentials') return;
    const about = marked(first.about);
    this.say({
      text:
        news.length === 1
          ? `A credential of ${about} appeared in plain text`
          : `${news.length} credentials appeared in plain text`,
      hint: news.length === 1 ? first.file && `In ${marked(first.file)}.` : null,
      isProblem: true,
      undo: null,
      act: { name: 'Move it…', act: () => this.openCredentials(first.entry) },
    });
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
