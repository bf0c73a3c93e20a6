// A room that fails must not take the frame, the status bar and the sounds with it.
import { Component, type ReactNode } from "react";
import { Button, EmptyState } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { shellWords } from "./words.ts";

export class RoomBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}
function Failed() {
  const words = useWords(shellWords);
  return <EmptyState action={<Button onPress={() => location.reload()}>{words.reload}</Button>}>{words.crashed}</EmptyState>;
}
