// What scrolls and holds nothing that takes the focus is reached by Tab itself, so that it can be read without a mouse; only while it does scroll, since a stop at what is whole is a key too many.
import { useEffect, useRef, useState, type RefObject } from "react";

export function useScrollStop<T extends HTMLElement>(): { readonly ref: RefObject<T | null>; readonly tabIndex?: 0 } {
  const ref = useRef<T>(null);
  const [scrolls, setScrolls] = useState(false);
  const look = (): void => {
    const box = ref.current;
    if (box !== null) setScrolls(box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1);
  };
  useEffect(look); // what is in it has changed
  useEffect(() => {
    const watcher = new ResizeObserver(look);
    if (ref.current !== null) watcher.observe(ref.current);
    return () => watcher.disconnect();
  }, []);
  return scrolls ? { ref, tabIndex: 0 } : { ref };
}
