import { Skeleton } from "../design/index.ts";

export default function Operate() {
  return <Skeleton />;
}
