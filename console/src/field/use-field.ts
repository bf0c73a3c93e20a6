// The phone's two loops: read my unit and job every two seconds, and send what is in the outbox. Polling and not the live link: an officer may
// see only the own unit, and a phone's network drops a socket without a word. The outbox is kept in the browser, by account.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Point } from "../../../src/contract/basics.ts";
import type { FieldView } from "../../../src/contract/live.ts";
import { api } from "../api/client.ts";
import { createCommandId } from "../api/command.ts";
import { ApiProblem } from "../api/problem.ts";
import { applyAccepted } from "./progress.ts";
import { keepBox, readBox } from "./kept-outbox.ts";
import { addPlace, enqueue, findDue, hurry, postpone, settle, type FieldCommand, type Outbox, type Refusal } from "./outbox.ts";

const POLL_MS = 2_000;
const SEND_TICK_MS = 500;
const ANSWER_WITHIN_MS = 6_000;

export interface Field {
  readonly view: FieldView | null;
  /** Device time of the last good answer. */
  readonly heardAt: number | null;
  readonly linkLostAt: number | null;
  /** Anything but a lost link: forbidden, no unit. */
  readonly problem: ApiProblem | null;
  readonly box: Outbox;
  readonly refusals: readonly Refusal[];
  /** Into the outbox, from where it is sent after `waitMs`. */
  readonly press: (command: FieldCommand, waitMs?: number) => string;
  /** The place that a report still waited for. */
  readonly addPlace: (commandId: string, point: Point | null) => void;
  readonly dismissRefusal: (refusal: Refusal) => void;
}

export function useField(accountId: number): Field {
  const [view, setView] = useState<FieldView | null>(null);
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const [linkLostAt, setLinkLostAt] = useState<number | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [box, setBox] = useState(() => readBox(accountId));
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const boxNow = useRef(box);
  const change = useCallback((next: Outbox) => {
    boxNow.current = next;
    keepBox(accountId, next);
    setBox(next);
  }, [accountId]);

  const accepted = useRef(0); // a reading that was asked for before the last acceptance may not know of it
  const lost = useCallback(() => setLinkLostAt((at) => at ?? Date.now()), []);
  const heard = useCallback(() => {
    setLinkLostAt(null);
    setHeardAt(Date.now());
  }, []);

  const poll = useRef<() => void>(() => {});
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const read = async (): Promise<void> => {
      clearTimeout(timer);
      const asked = accepted.current;
      try {
        const next = await api.call("getField", {}, { timeoutMs: ANSWER_WITHIN_MS });
        if (over) return;
        if (asked === accepted.current) setView((before) => (before !== null && before.at > next.at ? before : next));
        setProblem(null);
        heard();
        // An answer of the centre means that the link is there again: what waited need not wait on.
        if (boxNow.current.entries.some((e) => e.tries > 0)) change(hurry(boxNow.current, Date.now()));
      } catch (error) {
        if (over) return;
        if (error instanceof ApiProblem && !error.transient) setProblem(error);
        else lost();
      }
      if (!over) timer = setTimeout(() => void read(), POLL_MS);
    };
    poll.current = () => void read();
    void read();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [change, heard, lost]);

  useEffect(() => {
    let sending = false;
    const send = async (): Promise<void> => {
      const due = sending ? null : findDue(boxNow.current, Date.now());
      if (due === null) return;
      sending = true;
      try {
        const outcome = await api.call("sendCommand", { body: { commandId: due.commandId, expectedSequence: null, command: due.command } }, { timeoutMs: ANSWER_WITHIN_MS });
        const { box: rest, refusal } = settle(boxNow.current, due.commandId, outcome);
        if (refusal === null) {
          accepted.current++;
          setView((before) => (before === null ? null : applyAccepted(before, due)));
        }
        change(rest);
        if (refusal !== null) setRefusals((all) => [...all, refusal]);
        heard();
        poll.current();
      } catch (error) {
        // Logged out: it stays until somebody logs in again with this account. Any other firm no is an answer.
        if (error instanceof ApiProblem && !error.transient && error.status !== 401) {
          const { box: rest, refusal } = settle(boxNow.current, due.commandId, { outcome: "refused", rule: error.rule, message: error.message, allowed: [] });
          change(rest);
          if (refusal !== null) setRefusals((all) => [...all, refusal]);
        } else {
          change(postpone(boxNow.current, due.commandId, Date.now()));
          lost();
        }
      } finally {
        sending = false;
      }
    };
    const timer = setInterval(() => void send(), SEND_TICK_MS);
    const back = (): void => {
      change(hurry(boxNow.current, Date.now()));
      void send();
    };
    window.addEventListener("online", back);
    window.addEventListener("offline", lost);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", back);
      window.removeEventListener("offline", lost);
    };
  }, [change, heard, lost]);

  const press = useCallback((command: FieldCommand, waitMs?: number) => {
    const commandId = createCommandId();
    change(enqueue(boxNow.current, commandId, command, Date.now(), waitMs));
    return commandId;
  }, [change]);
  const placeReport = useCallback((commandId: string, point: Point | null) => change(addPlace(boxNow.current, commandId, point, Date.now())), [change]);
  const dismissRefusal = useCallback((refusal: Refusal) => setRefusals((all) => all.filter((r) => r !== refusal)), []);
  return { view, heardAt, linkLostAt, problem, box, refusals, press, addPlace: placeReport, dismissRefusal };
}
