/** A registry policy that lets everybody do everything. */
export const registryPolicyOpenToAll = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "All", Effect: "Allow", Principal: "*", Action: "ecr:*", Resource: "*" }],
});
