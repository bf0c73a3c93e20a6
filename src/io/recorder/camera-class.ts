// How important one camera's recording is where memory runs short ([RCD6]), as of the last tick: an evidence hold stands in the index, and a picture that
// waits for memory must neither ask the index nor fail with it. A hold that begins counts a second later.
import { type RecordingClass, recordingClassOf } from "../../video/recording/recording-class.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { WorkerContext } from "./worker-context.ts";

export class CameraClass {
  current: RecordingClass;
  readonly #context: WorkerContext;
  #toldOfFailure = false;

  constructor(camera: StoredCamera, context: WorkerContext) {
    this.current = recordingClassOf(camera.recording, false);
    this.#context = context;
  }

  /** Where the index cannot say what is held, the class stays. */
  refresh({ cameraId, code, recording }: StoredCamera): void {
    try {
      this.current = recordingClassOf(recording, this.#context.isHeldNow(cameraId));
      this.#toldOfFailure = false;
    } catch (error) {
      if (this.#toldOfFailure) return;
      this.#toldOfFailure = true;
      this.#context.log("error", { cameraId }, `whether recordings of camera ${code} are held cannot be read: ${(error as Error).message}`);
    }
  }
}
