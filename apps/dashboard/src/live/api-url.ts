/** Relative to the page, so that it also works below a path behind somebody's proxy. */
export function apiUrl(path: string): string {
  return new URL(path, document.baseURI).href;
}
