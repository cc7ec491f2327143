/**
 * Style sheets built by script, for pages under `style-src 'self'`.
 *
 * The component kit writes its theme into `<style>` elements, which a strict content security policy refuses. The build
 * puts this module in the place of the kit's two helpers that do so (see `vite.config.ts`): the same functions on
 * constructed style sheets, which belong to the object model and are not inline styles.
 */

interface Sheet {
  key: string;
  priority: number;
  css: string;
  sheet: CSSStyleSheet;
}

interface Options {
  mark?: string;
  priority?: number;
  prepend?: boolean | 'queue';
}

/** Takes the place of a style element for callers that label it. */
class Handle {
  setAttribute(): void {}
}

const sheets: Sheet[] = [];

/** Adds the text under this key, or replaces what is there. */
export function updateCSS(css: string, key: string, options: Options = {}): Handle {
  const name = nameOf(key, options);
  const known = sheets.find((sheet) => sheet.key === name);
  if (known) {
    if (known.css !== css) {
      known.css = css;
      known.sheet.replaceSync(css);
    }
    return new Handle();
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  insert({ key: name, priority: priorityOf(options), css, sheet });
  return new Handle();
}

/** Adds the text without a key. */
export function injectCSS(css: string, options: Options = {}): Handle {
  return updateCSS(css, `anonymous-${sheets.length}`, options);
}

/** Takes away the text under this key. */
export function removeCSS(key: string, options: Options = {}): void {
  const index = sheets.findIndex((sheet) => sheet.key === nameOf(key, options));
  if (index >= 0) {
    sheets.splice(index, 1);
    adopt();
  }
}

/** Nothing is cached here. */
export function clearContainerCache(): void {}

/** The root of a node if it lies in a shadow tree. */
export function getShadowRoot(node: Node | null): ShadowRoot | null {
  const root = node?.getRootNode();
  return root instanceof ShadowRoot ? root : null;
}

/** Production says nothing. */
export function warningOnce(): void {}

function nameOf(key: string, options: Options): string {
  return `${options.mark ?? ''}|${key}`;
}

/** Sheets that ask for the front come first, the others last; both in the order of their priority. */
function priorityOf(options: Options): number {
  return options.prepend ? (options.priority ?? 0) - 1_000_000 : (options.priority ?? 0);
}

function insert(sheet: Sheet): void {
  const index = sheets.findIndex((other) => other.priority > sheet.priority);
  sheets.splice(index < 0 ? sheets.length : index, 0, sheet);
  adopt();
}

function adopt(): void {
  document.adoptedStyleSheets = sheets.map((entry) => entry.sheet);
}
