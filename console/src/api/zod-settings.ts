// Must be the first import of the program: zod otherwise compiles its parsers with `new Function`, which the content security policy refuses.
import { z } from "zod";

z.config({ jitless: true });
