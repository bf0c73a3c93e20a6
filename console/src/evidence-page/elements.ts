// Elements of the package's page, made by hand: a page that has to open in ten years from a disk leans on as little as it can.

type Child = Node | string | null;
export function el<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Readonly<Record<string, string>> = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}
/** `said`: what is read out and shown on hover where the label is a sign. */
export const button = (label: string, onPress: () => void, said?: string): HTMLButtonElement => {
  const made = el("button", { type: "button", ...(said === undefined ? {} : { "aria-label": said, title: said }) }, label);
  made.addEventListener("click", onPress);
  return made;
};
