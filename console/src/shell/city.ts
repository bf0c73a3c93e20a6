// The city, asked once after log-in and shared by every room.
import { create } from "zustand";
import type { City } from "../../../src/contract/city.ts";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";

interface CityState {
  readonly city: City | null;
  readonly problem: ApiProblem | null;
}
export const useCity = create<CityState>(() => ({ city: null, problem: null }));

export async function loadCity(): Promise<void> {
  try {
    useCity.setState({ city: await api.call("getCity"), problem: null });
  } catch (error) {
    if (error instanceof ApiProblem) useCity.setState({ problem: error });
  }
}
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** The city's IANA zone; this machine's until the city is known. */
export const useCityTimeZone = (): string => useCity((s) => s.city?.timeZone ?? HERE);
