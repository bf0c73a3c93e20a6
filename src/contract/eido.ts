// Incidents between centres, as EIDO (NENA-STA-021.1). The object's own form is the standard's; what we read and write of it is in src/protocol/eido.
import { z } from "zod";

export const EidoObject = z.record(z.string(), z.unknown());
