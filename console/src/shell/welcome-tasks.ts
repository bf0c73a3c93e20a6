// What a newcomer is offered to try: the first few that the account may do, in the order of the rooms. Pure, so that a test can ask it of every role:
// a task that the server would refuse is worse than none.
import type { Permission } from "../../../src/contract/access.ts";
import type { RoomName } from "./room-rules.ts";

interface Task {
  readonly permission: Permission;
  readonly room: RoomName;
  readonly href: string;
  /** Not offered to whoever has this one: it is another role's way to the same. */
  readonly unless?: Permission;
}
/** Each begins where it is done: Operate reads it from the address. */
const TASKS = {
  call: { permission: "contact.handle", room: "operate", href: "/operate?begin=call" },
  camera: { permission: "contact.handle", room: "operate", href: "/operate?begin=camera" },
  unit: { permission: "assignment.write", room: "operate", href: "/operate?begin=unit" },
  wall: { permission: "camera.view", room: "watch", href: "/watch", unless: "contact.handle" },
  past: { permission: "camera.view", room: "watch", href: "/watch", unless: "contact.handle" },
  register: { permission: "camera.write", room: "cameras", href: "/cameras" },
  newCamera: { permission: "camera.write", room: "cameras", href: "/cameras" },
  account: { permission: "account.write", room: "people", href: "/people" },
  looks: { permission: "access-record.read", room: "inspect", href: "/inspect" },
  changes: { permission: "audit.read", room: "inspect", href: "/inspect/changes" },
  places: { permission: "camera.read", room: "cameras", href: "/cameras", unless: "camera.write" },
} as const satisfies Record<string, Task>;
export type WelcomeTask = keyof typeof TASKS;
const ORDER = Object.keys(TASKS) as readonly WelcomeTask[];
const MOST_TASKS = 3;

export const hrefOfTask = (task: WelcomeTask): string => TASKS[task].href;
export const permissionOfTask = (task: WelcomeTask): Permission => TASKS[task].permission;
/** `someoneCalls`: there is, or will be, a call to take. */
export const listWelcomeTasks = (permissions: readonly Permission[], someoneCalls: boolean): readonly WelcomeTask[] =>
  ORDER.filter((name) => {
    const task: Task = TASKS[name];
    return permissions.includes(task.permission) && (someoneCalls || name !== "call") && (task.unless === undefined || !permissions.includes(task.unless));
  }).slice(0, MOST_TASKS);
