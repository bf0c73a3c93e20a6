// Dialogs are rare here: nothing may cover a ringing call for long. A dialog closes with Escape and gives the focus back.
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useWords } from "../words/use-words.ts";
import { Button, IconButton } from "./button.tsx";
import { designWords } from "./words.ts";

export function DialogBox({ title, open, onClose, children, wide = false }: { readonly title: string; readonly open: boolean; readonly onClose: () => void; readonly children: ReactNode; readonly wide?: boolean }) {
  const words = useWords(designWords);
  return (
    <ModalOverlay className="overlay" isOpen={open} onOpenChange={(next) => next || onClose()} isDismissable>
      <Modal className={wide ? "modal modal-wide" : "modal"}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton icon="close" label={words.close} className="end" onPress={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
/** Asks once before something that cannot be taken back; `action` is the verb on the button. */
export function ConfirmDialog({ title, open, onClose, onConfirm, action, children }: { readonly title: string; readonly open: boolean; readonly onClose: () => void; readonly onConfirm: () => void; readonly action: string; readonly children: ReactNode }) {
  const words = useWords(designWords);
  return (
    <DialogBox title={title} open={open} onClose={onClose}>
      <div className="stack">{children}</div>
      <footer className="dialog-foot">
        <Button onPress={onClose}>{words.cancel}</Button>
        <Button tone="danger" autoFocus onPress={() => { onConfirm(); onClose(); }}>{action}</Button>
      </footer>
    </DialogBox>
  );
}
