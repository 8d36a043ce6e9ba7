import { type Backend, type DecisionView, type SettingsView } from '@/backend';

/** What the user set and decided, as it was last sent. */
export class Settings {
  view = $state.raw<SettingsView | null>(null);
  isAutostart = $state<boolean | null>(null);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    [this.view, this.isAutostart] = await Promise.all([this.backend.settings(), this.backend.autostart()]);
  }

  receive(view: SettingsView): void {
    this.view = view;
  }

  /** Returns the user's decision on a server, by the server's identity. */
  decisionOn(name: string | null): DecisionView | undefined {
    return name === null ? undefined : this.view?.decisions.find((decision) => decision.server === name);
  }

  async setAutostart(on: boolean): Promise<void> {
    await this.backend.setAutostart(on);
    this.isAutostart = await this.backend.autostart();
  }
}
