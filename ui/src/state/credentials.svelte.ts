import {
  failure,
  type Backend,
  type CredentialsView,
  type Failure,
  type MovedView,
  type MoveRequest,
  type Report,
  type UndoneView,
  type Values,
} from '@/backend';

/** How far a move is. */
export interface MoveProgress {
  done: number;
  total: number;
}

/** The credentials of this machine: in plain text, in the vault, moved. */
export class Credentials {
  view = $state.raw<CredentialsView | null>(null);
  problem = $state.raw<Failure | null>(null);
  /** Whether files are edited too that no client itself is known to read. */
  consents = $state(false);
  /** Whether equal values are kept once. */
  joins = $state(false);
  isBusy = $state(false);
  progress = $state.raw<MoveProgress | null>(null);
  /** What the last move did, until something else is done. */
  moved = $state.raw<MovedView | null>(null);
  /** What taking back left as it is, until something else is done. */
  undone = $state.raw<UndoneView | null>(null);
  /** The entry that was asked for, to be scrolled to. */
  wanted = $state<string | null>(null);
  private asked = 0;
  /** The findings on credentials that were told before, by id. */
  private known: Set<string> | null = null;

  constructor(private readonly backend: Backend) {}

  /** Asks for the present state; the answer to an earlier question is not looked at. */
  async load(): Promise<void> {
    this.asked += 1;
    const number = this.asked;
    try {
      const view = await this.backend.credentials(this.consents);
      if (number !== this.asked) return;
      this.view = view;
      this.problem = null;
    } catch (thrown) {
      if (number === this.asked) this.problem = failure(thrown);
    }
  }

  async consent(agrees: boolean): Promise<void> {
    this.consents = agrees;
    await this.load();
  }

  /** Moves what was shown, or a part of it. */
  async move(part: { entries?: string[]; pointers?: string[] } = {}): Promise<MovedView | null> {
    const { view } = this;
    if (!view) return null;
    const request: MoveRequest = {
      mark: view.plan.mark,
      entries: part.entries ?? null,
      pointers: part.pointers ?? null,
      consents: this.consents,
      joins: this.joins,
    };
    return this.busy(async () => {
      this.moved = await this.backend.moveCredentials(request);
      return this.moved;
    });
  }

  /** Takes a move back. What it asks about, and what it had to leave, is returned. */
  undo(id: number, values: Values | null = null): Promise<UndoneView> {
    return this.backTaken(() => this.backend.undoMove(id, values));
  }

  takeBack(entries: string[]): Promise<UndoneView> {
    return this.backTaken(() => this.backend.takeBack(entries));
  }

  leave(): Promise<UndoneView> {
    return this.backTaken(() => this.backend.leave());
  }

  private backTaken(act: () => Promise<UndoneView>): Promise<UndoneView> {
    // What comes back to plain text is no news.
    this.known = null;
    return this.busy(async () => {
      const undone = await act();
      this.known = null;
      const left = undone.files.filter((file) => file.outcome === 'left');
      this.undone = left.length > 0 ? { asks: [], files: left } : null;
      return undone;
    });
  }

  private async busy<T>(act: () => Promise<T>): Promise<T> {
    this.isBusy = true;
    this.moved = null;
    this.undone = null;
    try {
      return await act();
    } finally {
      this.isBusy = false;
      this.progress = null;
      await this.load();
    }
  }

  /** Takes note of a report, and returns what it tells of credentials that was not told before. */
  news(report: Report): Report['findings'] {
    const counts = (finding: Report['findings'][number]) =>
      finding.group === 'credentials' &&
      finding.suppressed === null &&
      finding.entry !== null &&
      ['medium', 'high', 'critical'].includes(finding.severity);
    const present = report.findings.filter(counts);
    const { known } = this;
    this.known = new Set(present.map((finding) => finding.id));
    return known && !this.isBusy ? present.filter((finding) => !known.has(finding.id)) : [];
  }
}
