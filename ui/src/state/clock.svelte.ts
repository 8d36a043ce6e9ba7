/** The time, renewed often enough for "3 minutes ago". */
class Clock {
  now_s = $state(Math.floor(Date.now() / 1000));

  start(): () => void {
    const timer = setInterval(() => {
      this.now_s = Math.floor(Date.now() / 1000);
    }, 20_000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
