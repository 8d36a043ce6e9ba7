/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    throw {
      code: 'clipboard',
      message: 'The text could not be copied.',
      hint: 'Select it and copy it with the keyboard.',
    };
  }
}
