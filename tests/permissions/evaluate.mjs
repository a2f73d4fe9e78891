// What IAM would answer: each request of standard input evaluated against the policies of its role, by iam-simulate, which also
// knows from the Service Authorization Reference which resources an action has and which keys its conditions.

import { readFileSync } from 'node:fs'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '123456789012'
const NOTHING_ELSE = { serviceControlPolicies: [], resourceControlPolicies: [] }

// A key's default policy, without which IAM says nothing about the key: it leaves the rest to the account's own policies.
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
}

// The reference data has the older half of Elastic Load Balancing for this action: load balancers alone. The newer tags
// listeners, rules and target groups by it too, so these are evaluated without asking the data whether they exist.
const isMissingInData = ({ action, resource }) => action === 'elasticloadbalancing:AddTags' && !resource.includes(':loadbalancer/')

/** What a request is answered, and by which statements. */
async function evaluate(policies, asked) {
  const request = {
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${asked.role}/curfew`,
    action: asked.action,
    resource: { resource: asked.resource, accountId: ACCOUNT },
    contextVariables: asked.context,
  }
  if (isMissingInData(asked)) return evaluateEach(policies, request)
  const resourcePolicy = asked.action.startsWith('kms:') ? KEY_POLICY : undefined
  const answer = await runSimulation({ request, identityPolicies: policies, resourcePolicy, ...NOTHING_ELSE }, {})
  if (answer.resultType === 'error') return { answer: 'Invalid', statements: [], why: JSON.stringify(answer.errors) }
  const one = answer.resultType === 'single' ? answer.result : answer.results[0]
  const allowed = one?.analysis?.identityAnalysis?.allowStatements ?? []
  return { answer: answer.overallResult, statements: allowed.map((each) => each.explain.identifier) }
}

/** The same statement by statement; none of them denies. */
function evaluateEach(policies, request) {
  const allows = (statement) => {
    const alone = [{ name: 'alone', policy: { Version: '2012-10-17', Statement: [statement] } }]
    return runUnsafeSimulation({ request, identityPolicies: alone, ...NOTHING_ELSE }, {}) === 'Allowed'
  }
  const allowing = policies.flatMap(({ policy }) => policy.Statement).filter(allows)
  return { answer: allowing.length > 0 ? 'Allowed' : 'ImplicitlyDenied', statements: allowing.map(({ Sid }) => Sid) }
}

const { roles, requests } = JSON.parse(readFileSync(0, 'utf8'))
const policiesOf = Object.fromEntries(
  Object.entries(roles).map(([role, all]) => [role, Object.entries(all).map(([name, policy]) => ({ name, policy }))]),
)
const answers = []
for (const asked of requests) answers.push(await evaluate(policiesOf[asked.role], asked))
console.log(JSON.stringify(answers))
