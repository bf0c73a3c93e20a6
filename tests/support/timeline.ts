// A camera's timeline, segment by segment, as a recorder serves it to whoever holds a view's token.
import assert from "node:assert/strict";
import { RecordingTimeline } from "../../src/contract/media.ts";

export interface TimelineAsked {
  readonly recorderUrl: string;
  readonly token: string;
  readonly cameraId: number;
  readonly from: number;
  readonly to?: number;
}

export async function getTimeline({ recorderUrl, token, cameraId, from, to = Date.now() }: TimelineAsked): Promise<RecordingTimeline> {
  const answer = await fetch(`${recorderUrl}/v1/cameras/${cameraId}/timeline?from=${from}&to=${to}&segments=true`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return RecordingTimeline.parse(await answer.json());
}
