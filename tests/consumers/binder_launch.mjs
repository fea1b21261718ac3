// What BinderHub's launch page does with links: [[link, server], ...] to the URLs it opens.
import { readFileSync } from "node:fs";
import { LaunchSpec } from "@jupyterhub/binderhub-client/spec.js";

const pairs = JSON.parse(readFileSync(0, "utf8"));
console.log(
  JSON.stringify(
    pairs.map(([link, server]) => {
      const spec = LaunchSpec.fromSearchParams(new URL(link).searchParams);
      return spec.getJupyterServerRedirectUrl(new URL(server), "T").href;
    }),
  ),
);
