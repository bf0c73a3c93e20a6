// What Prometheus reads at /metrics (text format 0.0.4). Labels have few values: route names, not addresses; command types, not ids.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export interface MetricSources {
  readonly consoles: () => number;
  readonly consolesDropped: () => number;
  readonly logSequence: () => number;
  readonly logLag: () => number;
  readonly cameras: () => Record<string, number>;
  readonly cameraProblems: () => Record<string, number>;
  readonly recordersLinked: () => number;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  request(route: string, method: string, status: number, seconds: number): void;
  logIn(outcome: "done" | "failed" | "throttled"): void;
  command(type: string, outcome: string): void;
  view(mode: string, outcome: "opened" | "renewed" | "refused", n: number): void;
}

export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const requests = new Histogram({ name: "citywatch_http_request_seconds", help: "Time to answer, by route", labelNames: ["route", "method", "status"], buckets: [0.005, 0.02, 0.1, 0.5, 2, 10], registers });
  const logIns = new Counter({ name: "citywatch_log_ins_total", help: "Log-ins by what became of them", labelNames: ["outcome"], registers });
  const commands = new Counter({ name: "citywatch_commands_total", help: "Commands to dispatch by type and outcome", labelNames: ["type", "outcome"], registers });
  const views = new Counter({ name: "citywatch_views_total", help: "Views of cameras opened, renewed and refused", labelNames: ["mode", "outcome"], registers });
  const gauge = (name: string, help: string, read: () => number): Gauge => new Gauge({ name, help, registers, collect() { this.set(read()); } });
  gauge("citywatch_consoles", "Consoles on the live link", sources.consoles);
  gauge("citywatch_consoles_dropped", "Consoles that were dropped because they read too slowly, since the start", sources.consolesDropped);
  gauge("citywatch_log_sequence", "Sequence of the last event of dispatch", sources.logSequence);
  gauge("citywatch_log_lag", "Events decided but not yet committed", sources.logLag);
  gauge("citywatch_recorders_linked", "Recorders linked to the centre", sources.recordersLinked);
  new Gauge({
    name: "citywatch_camera_problems", help: "Problems of cameras and recorders that last, by kind", labelNames: ["kind"], registers,
    collect() {
      for (const [kind, n] of Object.entries(sources.cameraProblems())) this.set({ kind }, n);
    },
  });
  new Gauge({
    name: "citywatch_cameras", help: "Cameras by state", labelNames: ["state"], registers,
    collect() {
      this.reset();
      for (const [state, n] of Object.entries(sources.cameras())) this.set({ state }, n);
    },
  });
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    request: (route, method, status, seconds) => requests.observe({ route, method, status }, seconds),
    logIn: (outcome) => logIns.inc({ outcome }),
    command: (type, outcome) => commands.inc({ type, outcome }),
    view: (mode, outcome, n) => views.inc({ mode, outcome }, n),
  };
}
